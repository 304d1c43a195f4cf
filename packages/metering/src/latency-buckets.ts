/** The R10 series of preferred numbers, in hundredths: ten steps a decade, each about 26 % above the last. */
const stepsPerDecade = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800];
const largestBoundMs = 4_000_000;

/**
 * Upper bounds (inclusive, milliseconds) of the latency histograms that roll-ups keep: 1 ms to above an hour. A histogram
 * has one count more than there are bounds, for what lies above the last. Stored counts depend on it: never change it.
 */
export const latencyBucketBoundsMs: readonly number[] = (() => {
  const bounds: number[] = [];
  for (let decade = 1; ; decade *= 10) {
    for (const step of stepsPerDecade) {
      const bound = (step * decade) / 100;
      bounds.push(bound);
      if (bound >= largestBoundMs) return bounds;
    }
  }
})();

/** How many counts a latency histogram has. */
export const latencyBucketCount = latencyBucketBoundsMs.length + 1;

/** Index of the bucket that counts a measurement. Throws RangeError on a negative or not finite one. */
export function latencyBucketIndex(milliseconds: number): number {
  if (!Number.isFinite(milliseconds) || milliseconds < 0) throw new RangeError("not a duration in milliseconds");
  let low = 0;
  let high = latencyBucketBoundsMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (milliseconds <= (latencyBucketBoundsMs[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Estimates a quantile (0 to 1) in milliseconds from bucket counts, by linear interpolation inside the bucket that holds
 * it: off by at most that bucket's width, about 26 % of the value. In the bucket above the last bound nothing is known but
 * the bound, so that is the answer. Null when nothing was counted; throws RangeError on a quantile outside 0 to 1 or on
 * a histogram of another length.
 */
export function quantileFromBuckets(counts: readonly (number | bigint)[], quantile: number): number | null {
  if (!(quantile >= 0 && quantile <= 1)) throw new RangeError("a quantile lies between 0 and 1");
  if (counts.length !== latencyBucketCount)
    throw new RangeError(`a latency histogram has ${latencyBucketCount} counts`);
  const numbers = counts.map(Number);
  const total = numbers.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = quantile * total;
  let below = 0;
  for (const [index, count] of numbers.entries()) {
    if (count > 0 && below + count >= rank) {
      const lower = latencyBucketBoundsMs[index - 1] ?? 0;
      const upper = latencyBucketBoundsMs[index] ?? lower;
      return lower + (upper - lower) * ((rank - below) / count);
    }
    below += count;
  }
  return latencyBucketBoundsMs.at(-1) ?? null;
}
