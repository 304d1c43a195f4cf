import type { EventData } from "./event-stream.ts";

const done = Uint8Array.from("[DONE]", (character) => character.charCodeAt(0));
const space = 0x20;

/** Whether an event is the mark by which OpenAI's protocol, and others after it, say that nothing follows. */
export function isDoneMark({ bytes, start, end }: EventData): boolean {
  let at = start;
  while (at < end && bytes[at] === space) at++;
  if (end - at < done.length) return false;
  for (let offset = 0; offset < done.length; offset++) if (bytes[at + offset] !== done[offset]) return false;
  return true;
}
