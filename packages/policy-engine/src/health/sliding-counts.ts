/** Counts by kind over the recent past, in fixed memory: a ring of buckets, of which those that are too old read as empty. */
export class SlidingCounts {
  readonly #kinds: number;
  readonly #bucketMs: number;
  readonly #buckets: number;
  readonly #counts: Uint32Array;
  /** Which stretch of time each bucket holds, counted in buckets since zero. */
  readonly #epochs: Float64Array;

  /** The window is `bucketMs` x `buckets` long, and moves on a whole bucket at a time. */
  constructor(kinds: number, bucketMs: number, buckets: number) {
    this.#kinds = kinds;
    this.#bucketMs = bucketMs;
    this.#buckets = buckets;
    this.#counts = new Uint32Array(kinds * buckets);
    this.#epochs = new Float64Array(buckets).fill(-1);
  }

  /** `kind` is a whole number from 0 to `kinds` - 1; `nowMs` is of a clock that never goes back. */
  add(kind: number, nowMs: number): void {
    const epoch = Math.floor(nowMs / this.#bucketMs);
    const bucket = epoch % this.#buckets;
    const start = bucket * this.#kinds;
    if (this.#epochs[bucket] !== epoch) {
      this.#epochs[bucket] = epoch;
      this.#counts.fill(0, start, start + this.#kinds);
    }
    this.#counts[start + kind] = (this.#counts[start + kind] ?? 0) + 1;
  }

  sum(kind: number, nowMs: number): number {
    const oldest = Math.floor(nowMs / this.#bucketMs) - this.#buckets;
    let sum = 0;
    for (let bucket = 0; bucket < this.#buckets; bucket++) {
      if ((this.#epochs[bucket] ?? -1) > oldest) sum += this.#counts[bucket * this.#kinds + kind] ?? 0;
    }
    return sum;
  }
}
