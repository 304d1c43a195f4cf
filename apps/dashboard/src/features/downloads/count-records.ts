/** Counts the records of a text file while it arrives. */
export interface RecordCounter {
  readonly records: number;
  take(bytes: Uint8Array): void;
}

const lineFeed = 0x0a;
const quote = 0x22;

/** Lines; with `isQuoted` (RFC 4180) those line ends that stand between quotes are text. Without the `headLines` first ones. */
export function countRecords({ isQuoted, headLines }: { isQuoted: boolean; headLines: number }): RecordCounter {
  let lines = 0;
  let isInQuotes = false;
  return {
    get records() {
      return Math.max(0, lines - headLines);
    },
    take(bytes) {
      for (const byte of bytes) {
        // A quote within quotes is doubled: it ends them and begins them again.
        if (isQuoted && byte === quote) isInQuotes = !isInQuotes;
        else if (byte === lineFeed && !isInQuotes) lines += 1;
      }
    },
  };
}
