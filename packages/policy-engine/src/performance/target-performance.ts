/** What is known of how targets do at tasks of a kind: what adaptive routing learns from. */
import type { TaskClass } from "../classification/classification.ts";

/** Of one target at tasks of one kind. Counts may be fractions, where what is old weighs less. */
export interface TargetPerformance {
  /** Answers that came, passed their checks and were not refused, filtered or found wanting by whoever asked. */
  readonly successes: number;
  /** Answers that came and were no good. Outages are not among them: what an answer is worth says nothing of them. */
  readonly failures: number;
  /** Tokens of its answers, on average; null where none is known. */
  readonly meanOutputTokens: number | null;
}

export interface PerformanceFacts {
  /** `taskClass` null: at all tasks together. Undefined where nothing is known. */
  find(taskClass: TaskClass | null, connectionId: string, modelId: string): TargetPerformance | undefined;
}
