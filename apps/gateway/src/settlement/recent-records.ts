/**
 * The records that were journalled last, as bytes. It is the memory that records are encoded into on their way to the file,
 * which simply is not used again at once: remembering a call costs nothing, and is no work for the garbage collector, for which
 * the records of a thousand calls made a sixth of all that a call cost. Finding one is a search, which happens rarely.
 */
import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";

export type CallRecord = AttemptRecord | RequestRecord;

/** One half of it: when the newer is full, the older is written over. */
interface Half {
  readonly bytes: Buffer;
  used: number;
}

/** Both together remember about a thousand calls. */
const halfBytes = 2 * 1024 * 1024;
/** Of UTF-8, for a unit of a JavaScript string. */
const mostBytesPerUnit = 3;
const newline = 0x0a;

export class RecentRecords {
  #newer: Half;
  #older: Half;

  constructor(bytes = halfBytes) {
    this.#newer = { bytes: Buffer.allocUnsafeSlow(bytes), used: 0 };
    this.#older = { bytes: Buffer.allocUnsafeSlow(bytes), used: 0 };
  }

  /**
   * The lines as UTF-8, to be written before the next call. A group that does not fit is encoded into memory of its own, and
   * not remembered. What could not be written and is encoded once more is remembered twice.
   */
  encode(lines: readonly { readonly text: string }[]): Uint8Array {
    const length = lines.reduce((sum, { text }) => sum + text.length, 0) * mostBytesPerUnit;
    if (length > this.#newer.bytes.length) return Buffer.from(lines.map(({ text }) => text).join(""));
    if (this.#newer.used + length > this.#newer.bytes.length) {
      [this.#newer, this.#older] = [this.#older, this.#newer];
      this.#newer.used = 0;
    }
    const { bytes, used } = this.#newer;
    for (const { text } of lines) this.#newer.used += bytes.write(text, this.#newer.used);
    return bytes.subarray(used, this.#newer.used);
  }

  /** What is remembered of a call, the newest first. `requestId` is one of ours: it is not escaped. */
  *ofCall(requestId: string): Generator<CallRecord> {
    const needle = Buffer.from(`"requestId":"${requestId}"`);
    for (const { bytes, used } of [this.#newer, this.#older]) {
      const lines = bytes.subarray(0, used);
      for (let end = used; end > 0;) {
        const at = lines.subarray(0, end).lastIndexOf(needle);
        if (at === -1) break;
        const start = lines.lastIndexOf(newline, at) + 1;
        const record = JSON.parse(lines.toString("utf8", start, lines.indexOf(newline, at))) as { type: string };
        if (record.type === "attempt" || record.type === "request") yield record as CallRecord;
        end = start;
      }
    }
  }
}
