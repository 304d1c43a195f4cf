import { isFields } from "../json/field-reader.ts";

type Fields = Record<string, unknown>;

/**
 * What a choice of a chunk adds. Some servers name it as in a whole completion, which is what they may send instead of a
 * stream, too; or have the text alone, as before there were messages. Null for a choice that adds nothing.
 */
export function deltaOf({ delta, message, text }: Readonly<Fields>): Fields | null {
  if (isFields(delta)) return delta as Fields;
  if (isFields(message)) return { ...message };
  return typeof text === "string" ? { content: text } : null;
}
