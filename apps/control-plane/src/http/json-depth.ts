const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);
const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether JSON text nests deeper than it may. One pass over the bytes, before anything is parsed: a few megabytes of
 * opening brackets would keep the parser busy for seconds.
 */
export function nestsDeeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index] ?? 0;
    if (isInString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) {
      isInString = true;
    } else if (opening.has(byte)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (closing.has(byte)) {
      depth -= 1;
    }
  }
  return false;
}
