import { answerOutcome } from "@switchyard/metering/answer-outcome";
import { outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { AttemptRecord } from "@switchyard/metering/usage-event";
import type { Classification, TaskClass } from "@switchyard/policy-engine/classification/classification";
import type { PerformanceFacts, TargetPerformance } from "@switchyard/policy-engine/performance/target-performance";

const mostKept = 20_000;
/** At so many trials all are counted half, so that a target that has changed is believed in time. */
const mostTrials = 2_000;

interface Tally {
  successes: number;
  failures: number;
  outputTokens: number;
}

/**
 * How targets do at tasks of each kind, as this process has seen it: an answer that came and passed its checks is a success;
 * one that was empty, out of form, cut short, filtered or refused is a failure. What did not come says nothing here.
 */
export class TaskPerformance implements PerformanceFacts {
  readonly #tallies = new Map<string, Tally>();

  find(taskClass: TaskClass | null, connectionId: string, modelId: string): TargetPerformance | undefined {
    const tally = this.#tallies.get(keyOf(taskClass, connectionId, modelId));
    if (tally === undefined) return undefined;
    const { successes, failures, outputTokens } = tally;
    return { successes, failures, meanOutputTokens: outputTokens / (successes + failures) };
  }

  /** A call that was taken for this task has ended. */
  note({ taskClass }: Classification, attempts: readonly AttemptRecord[]): void {
    for (const attempt of attempts) {
      const outcome = answerOutcome(attempt);
      if (outcome === null) continue;
      const isSuccess = outcome === "success";
      const { connectionId, modelId, usage } = attempt;
      const outputTokens = totalQuantity(usage, outputTokenMeters);
      this.#add(keyOf(null, connectionId, modelId), isSuccess, outputTokens);
      if (taskClass !== null) this.#add(keyOf(taskClass, connectionId, modelId), isSuccess, outputTokens);
    }
  }

  #add(key: string, isSuccess: boolean, outputTokens: number): void {
    const tally = this.#tallies.get(key) ?? this.#begin(key);
    if (isSuccess) tally.successes += 1;
    else tally.failures += 1;
    tally.outputTokens += outputTokens;
    if (tally.successes + tally.failures < mostTrials) return;
    tally.successes /= 2;
    tally.failures /= 2;
    tally.outputTokens /= 2;
  }

  /** Policy names the targets, so there are few; those first seen longest ago go where there are too many all the same. */
  #begin(key: string): Tally {
    const [oldest] = this.#tallies.keys();
    if (this.#tallies.size >= mostKept && oldest !== undefined) this.#tallies.delete(oldest);
    const tally = { successes: 0, failures: 0, outputTokens: 0 };
    this.#tallies.set(key, tally);
    return tally;
  }
}

function keyOf(taskClass: TaskClass | null, connectionId: string, modelId: string): string {
  return `${taskClass ?? ""}\n${connectionId}\n${modelId}`;
}
