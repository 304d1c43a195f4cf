/** Cutting, joining and searching bytes, for tests that must not depend on where a network cuts. */

/** Cuts at the given places, which may be in any order and out of range. */
export function splitBytes(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((left, right) => left - right);
  return [0, ...cuts].map((start, index) => bytes.slice(start, cuts[index] ?? bytes.length));
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Whether `part` occurs in `bytes`; without making a text of them, since this is asked for every byte of many streams. */
export function includesBytes(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = bytes.length - part.length; at >= 0; at--) {
    let same = 0;
    while (same < part.length && bytes[at + same] === part[same]) same++;
    if (same === part.length) return true;
  }
  return false;
}
