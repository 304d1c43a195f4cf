import type { Operation } from "@switchyard/metering/usage-event";

/** What planning may know of a call. */
export interface RequestFeatures {
  readonly operation: Operation;
  /** The fewest tokens that the input can be; a target is passed over only where even these do not fit its window. */
  readonly inputTokensAtLeast: number;
  readonly stream: boolean;
  readonly tools: boolean;
  readonly images: boolean;
  readonly jsonSchema: boolean;
}
