import { escapePointer, isArray, isObject, type Json } from "./json-differences.ts";

/**
 * What can be said of an answer without its words: which members it has, of which types, and the values of those that are
 * vocabulary, like a finish reason. Items of a list count as one, since two answers need not be of one length.
 * @returns by pointer, with `*` for an index, the types and words seen there, sorted: `number`, `"stop"`
 */
export function shapeOf(body: Json, vocabulary: ReadonlySet<string>): ReadonlyMap<string, string> {
  const seen = new Map<string, Set<string>>();
  const note = (pointer: string, word: string) => {
    const words = seen.get(pointer) ?? new Set();
    seen.set(pointer, words.add(word));
  };
  const visit = (value: Json, pointer: string, name: string): void => {
    if (isArray(value)) {
      note(pointer, "array");
      for (const item of value) visit(item, `${pointer}/*`, name);
    } else if (isObject(value)) {
      note(pointer, "object");
      for (const [member, inner] of Object.entries(value)) visit(inner, `${pointer}/${escapePointer(member)}`, member);
    } else if (value === null) note(pointer, "null");
    else note(pointer, vocabulary.has(name) && typeof value === "string" ? JSON.stringify(value) : typeof value);
  };
  visit(body, "", "");
  return new Map([...seen].map(([pointer, words]) => [pointer, [...words].toSorted().join(" | ")]));
}
