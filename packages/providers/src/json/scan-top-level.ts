/**
 * The first look at a request body: is it one JSON object, within limits, and where do its members lie? It runs before
 * `JSON.parse`, so that neither a depth bomb nor a key bomb ever reaches it, and its positions let changes be spliced
 * into the client's own bytes.
 */
import { JsonCursor, openingBrace } from "./json-cursor.ts";

export interface ScanLimits {
  readonly maxDepth: number;
  /** Keys of all objects together. */
  readonly maxKeys: number;
}

export const defaultScanLimits: ScanLimits = { maxDepth: 64, maxKeys: 10_000 };

/** Byte positions of one member of an object; ends are exclusive. */
export interface ScannedMember {
  /** The quotes included. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The members of one JSON object, by decoded key. */
export interface ScannedObject {
  /** Position of the opening brace. */
  readonly start: number;
  /** Position after the closing brace. */
  readonly end: number;
  readonly members: ReadonlyMap<string, ScannedMember>;
}

export type ScanProblem =
  | "not_json"
  | "not_an_object"
  | "too_deep"
  | "too_many_keys"
  | "duplicate_key"
  | "invalid_utf8"
  | "byte_order_mark";

/** `at` is the byte where the scan stopped; `message` is a public sentence that quotes nothing of the body but a key. */
export type ScanResult =
  | { readonly ok: true; readonly object: ScannedObject }
  | { readonly ok: false; readonly problem: ScanProblem; readonly at: number; readonly message: string };

/**
 * Reads the structure of a JSON text in one pass, in time linear in its length. What it accepts, `JSON.parse` accepts.
 * A key that occurs twice at the top is refused: parsers differ in which one counts, so the gateway and the provider
 * might act on different requests.
 */
export function scanTopLevel(bytes: Uint8Array, limits: ScanLimits = defaultScanLimits): ScanResult {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return refuse("byte_order_mark", 0, "The body begins with a byte order mark, which JSON does not allow.");
  }
  const cursor = new JsonCursor(bytes, 0, bytes.length, { ...limits, requireUtf8: true });
  const isObject = cursor.peek() === openingBrace;
  const start = cursor.at;
  const members = new Map<string, ScannedMember>();
  if (isObject && cursor.enter(openingBrace)) {
    while (cursor.nextMember()) {
      const { keyStart, keyEnd, at: valueStart } = cursor;
      const key = cursor.keyText();
      if (members.has(key)) return refuse("duplicate_key", keyStart, `The key ${quoteKey(key)} occurs twice.`);
      if (!cursor.skipValue()) break;
      members.set(key, { keyStart: keyStart - 1, keyEnd: keyEnd + 1, valueStart, valueEnd: cursor.at });
    }
  } else {
    cursor.skipValue();
  }
  const end = cursor.at;
  if (cursor.problem !== null) return refuse(cursor.problem, cursor.at, messages[cursor.problem](limits, cursor.at));
  if (cursor.peek() !== -1) return refuse("not_json", cursor.at, messages.not_json(limits, cursor.at));
  if (!isObject) return refuse("not_an_object", start, "The body must be a JSON object.");
  return { ok: true, object: { start, end, members } };
}

const messages = {
  not_json: (_limits: ScanLimits, at: number) => `The body is not valid JSON: it goes wrong at byte ${at}.`,
  too_deep: (limits: ScanLimits) => `The body nests more than ${limits.maxDepth} levels deep.`,
  too_many_keys: (limits: ScanLimits) => `The body has more than ${limits.maxKeys} keys.`,
  invalid_utf8: (_limits: ScanLimits, at: number) => `The body is not valid UTF-8 at byte ${at}.`,
};

function refuse(problem: ScanProblem, at: number, message: string): ScanResult {
  return { ok: false, problem, at, message };
}

function quoteKey(key: string): string {
  return JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
}
