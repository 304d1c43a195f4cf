import { encodeUtf8 } from "../text/utf8.ts";
import type { ScannedObject } from "./scan-top-level.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly with: Uint8Array;
}

/**
 * Copies `bytes` with members of `object` replaced, or added before its closing brace where it has none of that name.
 * Every byte that is not part of a changed value stays as it was. Values are JSON texts; an empty map gives back
 * `bytes` itself.
 */
export function spliceMembers(
  bytes: Uint8Array,
  object: ScannedObject,
  changes: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  if (changes.size === 0) return bytes;
  const edits: Edit[] = [];
  let isEmpty = object.members.size === 0;
  for (const [name, json] of changes) {
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

function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let length = bytes.length;
  for (const edit of edits) length += edit.with.length - (edit.end - edit.start);
  const spliced = new Uint8Array(length);
  let read = 0;
  let written = 0;
  const append = (part: Uint8Array): void => {
    spliced.set(part, written);
    written += part.length;
  };
  for (const edit of edits) {
    append(bytes.subarray(read, edit.start));
    append(edit.with);
    read = edit.end;
  }
  append(bytes.subarray(read));
  return spliced;
}
