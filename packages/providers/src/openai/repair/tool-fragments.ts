/**
 * Calls of tools in a stream, as OpenAI writes them: indexes from 0, an id, a type and a name in the first fragment only,
 * arguments as text that becomes JSON. Servers differ in each of these (wire formats 1.8).
 */
import { isFields } from "../../json/field-reader.ts";

type Fields = Record<string, unknown>;

interface OpenCall {
  readonly index: number;
  readonly id: unknown;
  readonly name: string | null;
  /** Null for arguments too long to be checked. */
  text: string | null;
}

const longestArguments = 1_048_576;

export class ToolFragments {
  /** By what the server knows a call by: its index, or else its id. */
  readonly #calls = new Map<number | string, OpenCall>();
  #latest: OpenCall | null = null;
  /** Ids of calls that were announced before their names, by what the server knows a call by. */
  readonly #announced = new Map<number | string, unknown>();
  /** What ids are made up from. */
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  get count(): number {
    return this.#calls.size;
  }

  /** Whether the arguments of every call are JSON, as far as they were given. */
  get areReadable(): boolean {
    return [...this.#calls.values()].every(({ text }) => text === null || isJson(text));
  }

  /** Changes the fragments of a delta in place; true where one was not as OpenAI writes it. */
  repair(fragments: unknown[]): boolean {
    let isChanged = false;
    const count = fragments.length;
    const told = fragments.filter((fragment) => !isFields(fragment) || !this.#isAnnouncement(fragment));
    if (told.length < count) fragments.splice(0, count, ...told);
    for (const [position, fragment] of told.entries()) {
      const place = count > 1 ? position : null;
      if (isFields(fragment)) isChanged = this.#repairFragment(fragment, place) || isChanged;
    }
    return isChanged || told.length < count;
  }

  /** vLLM's parser for Mistral begins a call before it knows of which tool: clients refuse one without a name. */
  #isAnnouncement({ id, index, function: called }: Fields): boolean {
    if (typeof index !== "number" || this.#calls.has(index) || isFields(called)) return false;
    this.#announced.set(index, id);
    return true;
  }

  /** Fragments that are missing at the end: a call that was given no arguments has none, which is written `{}`. */
  missing(): Fields[] {
    return [...this.#calls.values()]
      .filter(({ text }) => text?.trim() === "")
      .map(({ index }) => ({ index, function: { arguments: "{}" } }));
  }

  /** `place` in a list of several, by which some servers know a call that they began in the same place. */
  #repairFragment(fragment: Fields, place: number | null): boolean {
    const { id, index } = fragment;
    const key = typeof index === "number" ? index : typeof id === "string" && id !== "" ? id : null;
    const latest =
      key === null ? this.#continued(fragment, place) : (this.#calls.get(key) ?? this.#inPlace(fragment, key));
    const known = latest !== undefined && opensAnother(fragment, latest) ? undefined : latest;
    const isChanged = known === undefined ? this.#open(fragment, key) : continueCall(fragment, known);
    const call = known ?? this.#latest;
    if (call === null) return isChanged;
    const isRenumbered = fragment["index"] !== call.index;
    fragment["index"] = call.index;
    return this.#repairArguments(fragment, call, known === undefined) || isChanged || isRenumbered;
  }

  /** A fragment that says of nothing which call it belongs to goes on with the latest, unless it names a tool. */
  #continued(fragment: Fields, place: number | null): OpenCall | undefined {
    if (namesTool(fragment)) return undefined;
    return this.#inPlace(fragment, place) ?? this.#latest ?? undefined;
  }

  /** A call that was begun in this place; some servers name the index of one only after its beginning. */
  #inPlace(fragment: Fields, place: number | string | null): OpenCall | undefined {
    if (namesTool(fragment)) return undefined;
    return [...this.#calls.values()].find(({ index }) => index === place);
  }

  #open(fragment: Fields, key: number | string | null): boolean {
    const position = this.#calls.size;
    const called = fragment["function"];
    const name = isFields(called) && typeof called["name"] === "string" ? called["name"] : null;
    if (key !== null) fragment["id"] ??= this.#announced.get(key);
    this.#latest = { index: position, id: fragment["id"], name, text: "" };
    const former = key === null ? undefined : this.#calls.get(key);
    if (former !== undefined) this.#calls.set(`#${former.index}`, former);
    this.#calls.set(key ?? `#${position}`, this.#latest);
    const hasId = typeof fragment["id"] === "string" && fragment["id"] !== "";
    if (!hasId) fragment["id"] = `call_${this.#seed}_${position}`;
    const hasType = fragment["type"] === "function";
    if (!hasType) fragment["type"] = "function";
    return !hasId || !hasType;
  }

  #repairArguments(fragment: Fields, call: OpenCall, isFirst: boolean): boolean {
    const called = fragment["function"];
    if (!isFields(called)) return false;
    const given = called["arguments"];
    let text = given;
    if (isFields(given) || Array.isArray(given)) text = JSON.stringify(given);
    // A call that begins with "no arguments" may still be given some; if it is not, the end says so.
    if (isFirst && (given === null || given === undefined || text === "{}" || text === "null")) text = "";
    if (typeof text === "string" && call.text !== null) {
      call.text = call.text.length + text.length > longestArguments ? null : call.text + text;
    }
    if (text === given) return false;
    (called as Fields)["arguments"] = text;
    return true;
  }
}

function namesTool({ function: called }: Fields): boolean {
  return isFields(called) && typeof called["name"] === "string" && called["name"] !== "";
}

/**
 * Some servers give every call the same index: a fragment that names a tool, after a call whose arguments are whole, is
 * another call if its id is another, or if it brings arguments of its own.
 */
export function opensAnother(
  fragment: Fields,
  { id, text }: { readonly id: unknown; readonly text: string | null },
): boolean {
  if (!namesTool(fragment)) return false;
  const isOther = typeof fragment["id"] === "string" && fragment["id"] !== "" && fragment["id"] !== id;
  const isBegun = text !== null && text.trim() !== "";
  if (!isBegun) return isOther && text !== null;
  const given = isFields(fragment["function"]) ? fragment["function"]["arguments"] : undefined;
  const bringsOwn = isFields(given) || (typeof given === "string" && given.trimStart().startsWith("{"));
  return (isOther || bringsOwn) && isJson(text);
}

/** Later fragments repeat nothing: code that joins what it gets would have the name twice. */
function continueCall(fragment: Fields, { name }: OpenCall): boolean {
  const called = fragment["function"];
  let isChanged = false;
  if (fragment["id"] === "") isChanged = delete fragment["id"];
  if (isFields(called) && (called["name"] === null || called["name"] === "" || called["name"] === name)) {
    isChanged = delete (called as Fields)["name"];
  }
  return isChanged;
}

/** Calls of a whole message, changed in place; true where one was not as OpenAI writes it. */
export function repairToolCalls(calls: readonly unknown[], seed: string): boolean {
  let isChanged = false;
  for (const [position, call] of calls.entries()) {
    if (!isFields(call)) continue;
    const fields = call as Fields;
    if (typeof fields["id"] !== "string" || fields["id"] === "") {
      fields["id"] = `call_${seed}_${position}`;
      isChanged = true;
    }
    if (fields["type"] !== "function" && isFields(fields["function"])) {
      fields["type"] = "function";
      isChanged = true;
    }
    const called = fields["function"];
    if (isFields(called)) isChanged = repairWholeArguments(called) || isChanged;
  }
  return isChanged;
}

function repairWholeArguments(called: Fields): boolean {
  const given = called["arguments"];
  if (typeof given === "string" && given !== "" && given !== "null") return false;
  called["arguments"] = isFields(given) || Array.isArray(given) ? JSON.stringify(given) : "{}";
  return true;
}

/** Whether the arguments of every call of a message are JSON. */
export function areReadable(calls: readonly unknown[]): boolean {
  return calls.every((call) => {
    const called = isFields(call) ? call["function"] : undefined;
    const text = isFields(called) ? called["arguments"] : undefined;
    return typeof text !== "string" || isJson(text);
  });
}

/** No arguments at all are none, which is as good. */
export function isJson(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
