import { answerOutcome } from "@switchyard/metering/answer-outcome";
import { outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { PerformanceFactsSnapshot } from "@switchyard/metering/performance-facts";
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
import {
  addEvidence,
  evidenceByTarget,
  evidenceKey,
  performanceOf,
} from "@switchyard/policy-engine/performance/evidence-by-target";
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
    const key = evidenceKey(taskClass, connectionId, modelId);
    const fleet = this.#fleet.get(key);
    const unseen = this.#unseen.get(key);
    if (fleet === undefined && unseen === undefined) return undefined;
    return performanceOf(combineEvidence(fleet ?? noEvidence, unseen ?? noEvidence));
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
      this.#add(evidenceKey(null, connectionId, modelId), seen);
      if (taskClass !== null) this.#add(evidenceKey(taskClass, connectionId, modelId), seen);
    }
  }

  /** Newer facts of the fleet have come. */
  learn({ evidence, included }: PerformanceFactsSnapshot): void {
    const held = evidenceByTarget(included);
    for (const [key, unseen] of this.#unseen) {
      const left = stillUnseen(unseen, held.get(key) ?? noEvidence, this.#held.get(key) ?? noEvidence);
      if (trialsOf(left) === 0) this.#unseen.delete(key);
      else this.#unseen.set(key, left);
    }
    this.#held = held;
    this.#fleet = evidenceByTarget(evidence);
  }

  /** Where no facts come for long, all is counted half at times, so that a target that has changed is believed all the same. */
  #add(key: string, seen: EvidenceSums): void {
    const sums = addEvidence(this.#unseen.get(key) ?? this.#begin(), seen);
    this.#unseen.set(key, trialsOf(sums) < mostTrials ? sums : half(sums));
  }

  /** Policy names the targets, so there are few; those first seen longest ago go where there are too many all the same. */
  #begin(): EvidenceSums {
    const [oldest] = this.#unseen.keys();
    if (this.#unseen.size >= mostKept && oldest !== undefined) this.#unseen.delete(oldest);
    return noEvidence;
  }
}

function half({ successes, failures, outputTokens }: EvidenceSums): EvidenceSums {
  return { successes: successes / 2, failures: failures / 2, outputTokens: outputTokens / 2 };
}
