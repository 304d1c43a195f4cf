/** Upper bounds in milliseconds of the latency histograms that roll-ups keep; one more bucket counts what is above the last. */
export const latencyBucketBoundsMs: readonly number[] = [];

/** The bucket of one measurement. */
export function latencyBucketIndex(_milliseconds: number): number {
  throw new Error("not built yet");
}

/** Estimates a quantile (0..1) in milliseconds from bucket counts; null when nothing was counted. */
export function quantileFromBuckets(_counts: readonly (number | bigint)[], _quantile: number): number | null {
  throw new Error("not built yet");
}
