import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { JsonCursor, jsonKey, openingBrace, openingBracket } from "../json/json-cursor.ts";
import type { ProviderFailure } from "../provider-codec.ts";

/** Answers are mostly pictures and numbers that nobody here needs: nothing is built from them, so only depth is bound. */
const limits = { maxDepth: 64, maxKeys: Infinity, requireUtf8: false };
const longestMemberBytes = 65_536;

export interface AnswerMembers {
  /** Elements of the list that holds the answer; null where it is missing or no list. */
  readonly items: number | null;
  /** The members asked for that are there and not null. */
  readonly members: ReadonlyMap<string, unknown>;
}

export type MembersReading =
  | { readonly ok: true; readonly answer: AnswerMembers }
  | { readonly ok: false; readonly failure: ProviderFailure };

/**
 * Reads a JSON answer without building it: counts one list and parses a few small members. A body that is no JSON object,
 * or that holds an `error`, is a failure.
 */
export function readMembers(body: Uint8Array, listName: string, names: readonly string[]): MembersReading {
  const cursor = new JsonCursor(body, 0, body.length, limits);
  const listKey = jsonKey(listName);
  const keys = [...names, "error"].map((name) => [name, jsonKey(name)] as const);
  const members = new Map<string, unknown>();
  let items: number | null = null;
  if (cursor.enter(openingBrace)) {
    while (cursor.nextMember()) {
      const wanted = keys.find(([, key]) => cursor.keyIs(key));
      if (wanted !== undefined) {
        const value = cursor.readValue(longestMemberBytes, "too long to be read");
        if (value !== null && value !== undefined) members.set(wanted[0], value);
      } else if (cursor.keyIs(listKey) && cursor.peek() === openingBracket) items = countElements(cursor);
      else cursor.skipValue();
    }
  }
  if (cursor.problem !== null || cursor.peek() !== -1) return { ok: false, failure: malformedResponse() };
  const error = members.get("error");
  if (error !== undefined) return { ok: false, failure: classifyErrorObject(error) };
  return { ok: true, answer: { items, members } };
}

function countElements(cursor: JsonCursor): number {
  let elements = 0;
  cursor.enter(openingBracket);
  while (cursor.nextElement()) {
    elements += 1;
    cursor.skipValue();
  }
  return elements;
}
