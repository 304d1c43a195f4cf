import { types } from "node:util";
import { redacted, redactSecrets } from "./redaction.ts";
import { sensitivityOf, type Sensitivity } from "./sensitive-names.ts";

/** What `redactValue` answers: plain JSON data that shares nothing with its input. */
export type RedactedValue = string | number | boolean | null | RedactedValue[] | { [name: string]: RedactedValue };

/** How much of an object graph is kept; what lies beyond is replaced by a short note. */
export interface RedactionLimits {
  readonly depth: number;
  /** Entries of one object, map, set or array. */
  readonly entries: number;
  /** UTF-8 bytes of one string. */
  readonly textBytes: number;
  /** Characters of all names and strings together. */
  readonly totalLength: number;
}

const standardLimits: RedactionLimits = { depth: 8, entries: 100, textBytes: 2_048, totalLength: 12_000 };
const unreadable = "[unreadable]";
const longestName = 128;
// Text that a terminal or a log viewer would act on, or that hides what a line says; tab and newline are kept.
// oxlint-disable-next-line no-control-regex
const controlCharacters = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A copy of any value that is safe to log: secrets in text are replaced, values under names like `authorization` or
 * `password` are masked, binary data is only measured, errors keep type, code, message, stack and cause, big integers
 * become decimal text. Bounded in depth, width and size; survives cycles, throwing getters and proxies; never throws.
 */
export function redactValue(value: unknown, limits: Partial<RedactionLimits> = {}): RedactedValue {
  return new Walk({ ...standardLimits, ...limits }).visit(value, "plain");
}

/** The named fields of a log line, through `redactValue`'s rules; anything that is not a plain record becomes `{ value }`. */
export function redactFields(fields: object): { [name: string]: RedactedValue } {
  const walked = new Walk(standardLimits).visit(fields, "plain");
  return typeof walked === "object" && walked !== null && !Array.isArray(walked) ? walked : { value: walked };
}

/** One text as it may be logged: secrets out, control characters spelled out, at most `longestBytes` of UTF-8. */
export function redactText(text: string, longestBytes: number = standardLimits.textBytes): string {
  // Redact before cutting, so that a secret on the edge is still recognised; cut first only what is far too long.
  const bounded = text.length > longestBytes * 2 ? text.slice(0, longestBytes * 2) : text;
  const readable = redactSecrets(bounded).replace(controlCharacters, spellOut);
  const isWhole = bounded.length === text.length;
  if (isWhole && (readable.length * 3 <= longestBytes || Buffer.byteLength(readable) <= longestBytes)) return readable;
  const note = `… [${text.length} characters]`;
  return cutToBytes(readable, longestBytes - Buffer.byteLength(note)) + note;
}

class Walk {
  readonly #limits: RedactionLimits;
  readonly #ancestors: object[] = [];
  #remaining: number;

  constructor(limits: RedactionLimits) {
    this.#limits = limits;
    this.#remaining = limits.totalLength;
  }

  visit(value: unknown, sensitivity: Sensitivity): RedactedValue {
    if (value === null || value === undefined || typeof value === "boolean") return value ?? null;
    if (sensitivity === "secret") return redacted;
    switch (typeof value) {
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "bigint":
        return this.#text(value.toString());
      case "string":
        return sensitivity === "plain" ? this.#text(value) : redacted;
      case "object":
        return sensitivity === "plain" ? this.#object(value) : redacted;
      default:
        return `[${typeof value}]`;
    }
  }

  #text(text: string): string {
    if (this.#remaining <= 0) return "[omitted]";
    const result = redactText(text, Math.min(this.#limits.textBytes, this.#remaining + 64));
    this.#remaining -= result.length;
    return result;
  }

  #object(value: object): RedactedValue {
    if (this.#ancestors.includes(value)) return "[circular]";
    if (this.#ancestors.length >= this.#limits.depth) return "[too deep]";
    this.#ancestors.push(value);
    try {
      return this.#contents(value);
    } catch {
      return unreadable;
    } finally {
      this.#ancestors.pop();
    }
  }

  #contents(value: object): RedactedValue {
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return this.#list(value);
    if (types.isNativeError(value) || value instanceof Error) return this.#error(value);
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString();
    if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams) return this.#pairs(value);
    if (value instanceof Set) return this.#list([...take(value, this.#limits.entries + 1)]);
    const toJson = read(value, "toJSON");
    if (typeof toJson === "function") return this.visit(toJson.call(value), "plain");
    return this.#record(value, Object.keys(value));
  }

  #list(list: readonly unknown[]): RedactedValue {
    const result: RedactedValue[] = [];
    const kept = Math.min(list.length, this.#limits.entries);
    for (let index = 0; index < kept && this.#remaining > 0; index += 1) {
      const previous = result[index - 1];
      // Raw header lists alternate names and values.
      const named =
        typeof previous === "string" && previous.length <= 64 ? describeName(previous).sensitivity : "plain";
      const element: unknown = list[index];
      result.push(this.visit(element, typeof element === "string" ? named : "plain"));
    }
    if (list.length > result.length) result.push(`[${list.length - result.length} more]`);
    return result;
  }

  #error(error: Error): RedactedValue {
    const result: { [name: string]: RedactedValue } = Object.create(null);
    result["type"] = this.visit(read(read(error, "constructor"), "name") ?? read(error, "name"), "plain");
    for (const name of ["code", "message", "stack", "cause"]) {
      const value = read(error, name);
      if (value !== undefined) result[name] = this.visit(value, "plain");
    }
    return result;
  }

  #pairs(pairs: Iterable<readonly [unknown, unknown]>): RedactedValue {
    const record: { [name: string]: unknown } = Object.create(null);
    let count = 0;
    for (const [key, value] of take(pairs, this.#limits.entries + 1)) {
      record[typeof key === "string" || typeof key === "number" ? String(key) : `[key ${count}]`] = value;
      count += 1;
    }
    return this.#record(record, Object.keys(record));
  }

  #record(source: object, names: readonly string[]): RedactedValue {
    const result: { [name: string]: RedactedValue } = Object.create(null);
    let kept = 0;
    for (const name of names) {
      if (kept >= this.#limits.entries || this.#remaining <= 0) break;
      kept += 1;
      const value = read(source, name);
      if (value === undefined || typeof value === "function") continue;
      const { shown, sensitivity } = describeName(name);
      this.#remaining -= shown.length;
      result[shown] = this.visit(value, sensitivity);
    }
    if (names.length > kept) result["omittedFields"] = names.length - kept;
    return result;
  }
}

interface FieldName {
  readonly shown: string;
  readonly sensitivity: Sensitivity;
}

// Log lines repeat the same few names, so what redaction says about a name is worth remembering.
const mostNames = 2_000;
const names = new Map<string, FieldName>();

function describeName(name: string): FieldName {
  const known = names.get(name);
  if (known !== undefined) return known;
  const described = { shown: redactText(name, longestName), sensitivity: sensitivityOf(name) };
  if (names.size < mostNames && name.length <= longestName) names.set(name, described);
  return described;
}

function cutToBytes(text: string, longestBytes: number): string {
  const cut = Buffer.from(text).subarray(0, Math.max(0, longestBytes)).toString("utf8");
  return cut.endsWith("\ufffd") ? cut.slice(0, -1) : cut;
}

function read(source: unknown, name: string): unknown {
  if (typeof source !== "object" && typeof source !== "function") return undefined;
  try {
    return (source as Record<string, unknown> | null)?.[name];
  } catch {
    return unreadable;
  }
}

function* take<Item>(items: Iterable<Item>, most: number): Iterable<Item> {
  let taken = 0;
  for (const item of items) {
    if (taken >= most) return;
    taken += 1;
    yield item;
  }
}

function spellOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
