import type { EventData } from "./event-stream.ts";

const done = Uint8Array.from("[DONE]", (character) => character.charCodeAt(0));

/** Whether an event is the mark by which OpenAI's protocol, and others after it, say that nothing follows. */
export function isDoneMark({ bytes, start, end }: EventData): boolean {
  if (end - start < done.length) return false;
  for (let offset = 0; offset < done.length; offset++) if (bytes[start + offset] !== done[offset]) return false;
  return true;
}
