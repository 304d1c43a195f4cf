import type { Json } from "../comparison/json-differences.ts";

/** A text alone is short for one block of text. */
export function asTextBlocks(content: Json): Json {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
