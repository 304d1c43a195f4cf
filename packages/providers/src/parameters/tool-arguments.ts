import { isFields } from "../json/field-reader.ts";
import { parseLossless } from "../json/parse-lossless.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Arguments of a call in the history, as values. Nothing and null mean none; null for what is not an object. */
export function readToolArguments(text: unknown): Fields | null {
  if (text === undefined || text === null || text === "" || text === "null") return {};
  if (typeof text !== "string") return isFields(text) ? text : null;
  try {
    const value = parseLossless(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
