import { encodeUtf8 } from "../text/utf8.ts";
import type { ScannedObject } from "./scan-top-level.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly with: Uint8Array;
}

const nothing = new Uint8Array(0);

/**
 * Copies `bytes` with members of `object` replaced, or added before its closing brace where it has none of that name.
 * Every byte that is not part of a changed value stays as it was. Values are JSON texts, or null for a member to leave
 * out; an empty map gives back `bytes` itself.
 */
export function spliceMembers(
  bytes: Uint8Array,
  object: ScannedObject,
  changes: ReadonlyMap<string, Uint8Array | null>,
): Uint8Array {
  if (changes.size === 0) return bytes;
  const isRemoving = changes.values().some((json) => json === null);
  const edits = isRemoving ? removals(object, changes) : [];
  let isEmpty = object.members.keys().every((name) => changes.get(name) === null);
  for (const [name, json] of changes) {
    if (json === null) continue;
    const member = object.members.get(name);
    if (member) {
      edits.push({ start: member.valueStart, end: member.valueEnd, with: json });
    } else {
      const beforeBrace = object.end - 1;
      const key = encodeUtf8(`${isEmpty ? "" : ","}${JSON.stringify(name)}:`);
      edits.push(
        { start: beforeBrace, end: beforeBrace, with: key },
        { start: beforeBrace, end: beforeBrace, with: json },
      );
      isEmpty = false;
    }
  }
  // Sorting is stable, so additions keep their order in front of the brace.
  return applyEdits(
    bytes,
    edits.sort((left, right) => left.start - right.start),
  );
}

/** Cuts each member that is left out together with the comma that would be too many without it. */
function removals(object: ScannedObject, changes: ReadonlyMap<string, Uint8Array | null>): Edit[] {
  const members = [...object.members];
  const lastKept = members.findLastIndex(([name]) => changes.get(name) !== null);
  return members.flatMap(([name, member], index): Edit[] => {
    if (changes.get(name) !== null) return [];
    const following = members[index + 1]?.[1];
    if (index < lastKept && following !== undefined) {
      return [{ start: member.keyStart, end: following.keyStart, with: nothing }];
    }
    const previous = members[index - 1]?.[1];
    return [
      { start: previous === undefined ? member.keyStart : previous.valueEnd, end: member.valueEnd, with: nothing },
    ];
  });
}

function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let length = bytes.length;
  for (const edit of edits) length += edit.with.length - (edit.end - edit.start);
  const spliced = new Uint8Array(length);
  let read = 0;
  let written = 0;
  for (const edit of edits) {
    spliced.set(bytes.subarray(read, edit.start), written);
    written += edit.start - read;
    spliced.set(edit.with, written);
    written += edit.with.length;
    read = edit.end;
  }
  spliced.set(bytes.subarray(read), written);
  return spliced;
}
