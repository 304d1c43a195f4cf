import type { Classification } from "../classification/classification.ts";
import type { Operation } from "@switchyard/metering/usage-event";

/** What planning may know of a call. */
export interface RequestFeatures {
  readonly operation: Operation;
  /** The fewest tokens that the input can be; a target is passed over only where even these do not fit its window. */
  readonly inputTokensAtLeast: number;
  /** About as many tokens as the input will be: what costs are expected and conditions judged by. */
  readonly inputTokensExpected: number;
  /** Never below what a provider counts: what a price ceiling is judged by. */
  readonly inputTokensAtMost: number;
  /** The client's own cap on the tokens of one answer; null when it set none. */
  readonly outputTokensAsked: number | null;
  /** How many answers it asks for. */
  readonly answers: number;
  readonly stream: boolean;
  readonly tools: boolean;
  readonly images: boolean;
  readonly jsonSchema: boolean;
  /** What the prompt asks for. Absent where no strategy of the route goes by it, and where there is no prompt. */
  readonly task?: Classification;
}
