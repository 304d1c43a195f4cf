import { decodeUtf8 } from "../text/utf8.ts";
import { scanTopLevel } from "./scan-top-level.ts";

/** Not in the language library that this package compiles against; every engine it runs on has it. */
const { rawJSON } = JSON as unknown as { rawJSON(this: void, text: string): unknown };
/** A double keeps this many decimal digits whatever they are. */
const exactDigits = 15;
/** Where a number may be longer; a text may hold such a row of characters too, which costs time and nothing else. */
const longNumber = new RegExp(String.raw`\d[\d.eE+-]{${exactDigits}}`);
const limits = { maxDepth: 64, maxKeys: 100_000 };

/** `JSON.parse`, except that a number that no double can hold keeps its spelling when it is written again. */
export function parseLossless(text: string): unknown {
  // A reviver makes parsing several times slower, and hardly any answer needs one.
  if (!longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepSpelling as (key: string, value: unknown) => unknown);
}

/** One whole JSON object within limits, as values; null for anything else. Never throws. */
export function readJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  return scanTopLevel(bytes, limits).ok ? (parseLossless(decodeUtf8(bytes)) as Record<string, unknown>) : null;
}

function keepSpelling(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  const { source } = context;
  if (typeof value !== "number" || source === undefined || source.length <= exactDigits) return value;
  return String(value) === source ? value : rawJSON(source);
}
