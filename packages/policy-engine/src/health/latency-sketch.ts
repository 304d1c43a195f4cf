import { latencyBucketCount, latencyBucketIndex, quantileFromBuckets } from "@switchyard/metering/latency-buckets";

const halfLifeMs = 120_000;
/** Weights grow with time instead of old counts shrinking; at this one they are all scaled back. */
const largestWeight = 2 ** 40;

/**
 * Quantiles of recent durations, in the fixed memory of the ledger's log-spaced histogram. A duration counts half as
 * much two minutes later, so a target that has changed is believed soon.
 */
export class LatencySketch {
  readonly #counts: number[] = Array.from({ length: latencyBucketCount }, () => 0);
  #total = 0;
  #landmarkMs = 0;

  /** `nowMs` is of a clock that never goes back. Throws RangeError on a negative or not finite duration. */
  add(durationMs: number, nowMs: number): void {
    if (this.#weightAt(nowMs) > largestWeight) this.#scaleBack(nowMs);
    const weight = this.#weightAt(nowMs);
    const bucket = latencyBucketIndex(durationMs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + weight;
    this.#total += weight;
  }

  /** How many durations of this moment the kept ones are worth. */
  samplesAt(nowMs: number): number {
    return this.#total / this.#weightAt(nowMs);
  }

  /** In milliseconds, off by at most a bucket's width (about 26 %); null before the first duration. */
  quantile(quantile: number): number | null {
    return quantileFromBuckets(this.#counts, quantile);
  }

  /** Durations by bucket, each worth what is left of it at this moment, to a thousandth; null where nothing is left. */
  countsAt(nowMs: number): number[] | null {
    const weight = this.#weightAt(nowMs);
    const counts = this.#counts.map((count) => Math.round((count / weight) * 1_000) / 1_000);
    return counts.some((count) => count > 0) ? counts : null;
  }

  /** Replaces what little is known by weights by bucket, each worth as much now. Throws RangeError on another number of buckets. */
  adopt(counts: readonly number[], nowMs: number): void {
    if (counts.length !== latencyBucketCount) throw new RangeError(`a sketch has ${latencyBucketCount} counts`);
    this.#landmarkMs = nowMs;
    this.#total = 0;
    for (const [bucket, count] of counts.entries()) {
      this.#counts[bucket] = count;
      this.#total += count;
    }
  }

  #weightAt(nowMs: number): number {
    return 2 ** ((nowMs - this.#landmarkMs) / halfLifeMs);
  }

  #scaleBack(nowMs: number): void {
    const factor = 1 / this.#weightAt(nowMs);
    for (const [bucket, count] of this.#counts.entries()) this.#counts[bucket] = count * factor;
    this.#total *= factor;
    this.#landmarkMs = nowMs;
  }
}
