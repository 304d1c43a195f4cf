import { answerOutcome } from "@switchyard/metering/answer-outcome";
import { outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { Evidence, PerformanceFactsSnapshot } from "@switchyard/metering/performance-facts";
import type { AttemptRecord } from "@switchyard/metering/usage-event";
import type { Classification, TaskClass } from "@switchyard/policy-engine/classification/classification";
import {
  combineEvidence,
  type EvidenceSums,
  mostTrials,
  noEvidence,
  stillUnseen,
  trialsOf,
} from "@switchyard/policy-engine/performance/combine-evidence";
import type { PerformanceFacts, TargetPerformance } from "@switchyard/policy-engine/performance/target-performance";

const mostKept = 20_000;

/**
 * How targets do at tasks of each kind: what the fleet knows, and what this process has seen that the fleet's facts do not
 * hold yet. An answer that came and passed its checks is a success; one that was empty, out of form, cut short, filtered or
 * refused is a failure. What did not come says nothing here.
 */
export class TaskPerformance implements PerformanceFacts {
  #fleet: ReadonlyMap<string, EvidenceSums> = new Map();
  /** Of this process's observations, those that are in the fleet's facts. */
  #held: ReadonlyMap<string, EvidenceSums> = new Map();
  readonly #unseen = new Map<string, EvidenceSums>();

  find(taskClass: TaskClass | null, connectionId: string, modelId: string): TargetPerformance | undefined {
    const key = keyOf(taskClass, connectionId, modelId);
    const fleet = this.#fleet.get(key);
    const unseen = this.#unseen.get(key);
    if (fleet === undefined && unseen === undefined) return undefined;
    const sums = combineEvidence(fleet ?? noEvidence, unseen ?? noEvidence);
    const trials = trialsOf(sums);
    if (trials === 0) return undefined;
    return {
      successes: sums.successes,
      failures: sums.failures,
      meanOutputTokens: sums.outputTokens / trials,
    };
  }

  /** A call that was taken for this task has ended. */
  note({ taskClass }: Classification, attempts: readonly AttemptRecord[]): void {
    for (const attempt of attempts) {
      const outcome = answerOutcome(attempt);
      if (outcome === null) continue;
      const { connectionId, modelId, usage } = attempt;
      const outputTokens = totalQuantity(usage, outputTokenMeters);
      const isSuccess = outcome === "success";
      const seen = { successes: Number(isSuccess), failures: Number(!isSuccess), outputTokens };
      this.#add(keyOf(null, connectionId, modelId), seen);
      if (taskClass !== null) this.#add(keyOf(taskClass, connectionId, modelId), seen);
    }
  }

  /** Newer facts of the fleet have come. */
  learn({ evidence, included }: PerformanceFactsSnapshot): void {
    const held = byKey(included);
    for (const [key, unseen] of this.#unseen) {
      const left = stillUnseen(unseen, held.get(key) ?? noEvidence, this.#held.get(key) ?? noEvidence);
      if (trialsOf(left) === 0) this.#unseen.delete(key);
      else this.#unseen.set(key, left);
    }
    this.#held = held;
    this.#fleet = byKey(evidence);
  }

  /** Where no facts come for long, all is counted half at times, so that a target that has changed is believed all the same. */
  #add(key: string, seen: EvidenceSums): void {
    const sums = plus(this.#unseen.get(key) ?? this.#begin(), seen);
    this.#unseen.set(key, trialsOf(sums) < mostTrials ? sums : half(sums));
  }

  /** Policy names the targets, so there are few; those first seen longest ago go where there are too many all the same. */
  #begin(): EvidenceSums {
    const [oldest] = this.#unseen.keys();
    if (this.#unseen.size >= mostKept && oldest !== undefined) this.#unseen.delete(oldest);
    return noEvidence;
  }
}

/** Each kind by itself, and all kinds of a target together. */
function byKey(evidence: readonly Evidence[]): Map<string, EvidenceSums> {
  const sums = new Map<string, EvidenceSums>();
  for (const piece of evidence) {
    const { taskClass, connectionId, modelId } = piece;
    const all = keyOf(null, connectionId, modelId);
    sums.set(all, plus(sums.get(all) ?? noEvidence, piece));
    sums.set(keyOf(taskClass, connectionId, modelId), piece);
  }
  return sums;
}

function plus(left: EvidenceSums, right: EvidenceSums): EvidenceSums {
  return {
    successes: left.successes + right.successes,
    failures: left.failures + right.failures,
    outputTokens: left.outputTokens + right.outputTokens,
  };
}

function half({ successes, failures, outputTokens }: EvidenceSums): EvidenceSums {
  return { successes: successes / 2, failures: failures / 2, outputTokens: outputTokens / 2 };
}

function keyOf(taskClass: string | null, connectionId: string, modelId: string): string {
  return `${taskClass ?? ""}\n${connectionId}\n${modelId}`;
}
