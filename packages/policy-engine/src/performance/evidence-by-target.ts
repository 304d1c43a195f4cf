/** The fleet's evidence, to be looked up by kind of task and target. */
import type { Evidence } from "@switchyard/metering/performance-facts";
import { combineEvidence, type EvidenceSums, noEvidence, trialsOf } from "./combine-evidence.ts";
import type { PerformanceFacts, TargetPerformance } from "./target-performance.ts";

/** `taskClass` null: all kinds together. */
export function evidenceKey(taskClass: string | null, connectionId: string, modelId: string): string {
  return `${taskClass ?? ""}\n${connectionId}\n${modelId}`;
}

/** Each kind by itself, and all kinds of a target together. */
export function evidenceByTarget(evidence: readonly Evidence[]): Map<string, EvidenceSums> {
  const sums = new Map<string, EvidenceSums>();
  for (const piece of evidence) {
    const { taskClass, connectionId, modelId } = piece;
    const all = evidenceKey(null, connectionId, modelId);
    sums.set(all, addEvidence(sums.get(all) ?? noEvidence, piece));
    sums.set(evidenceKey(taskClass, connectionId, modelId), piece);
  }
  return sums;
}

export function addEvidence(left: EvidenceSums, right: EvidenceSums): EvidenceSums {
  return {
    successes: left.successes + right.successes,
    failures: left.failures + right.failures,
    outputTokens: left.outputTokens + right.outputTokens,
  };
}

/** What strategies make of it; undefined where nothing is known. */
export function performanceOf(sums: EvidenceSums): TargetPerformance | undefined {
  const trials = trialsOf(sums);
  if (trials === 0) return undefined;
  const { successes, failures, outputTokens } = sums;
  return { successes, failures, meanOutputTokens: outputTokens / trials };
}

/** What a process would believe that has seen nothing by itself. */
export function fleetPerformance(evidence: readonly Evidence[]): PerformanceFacts {
  const byTarget = evidenceByTarget(evidence);
  return {
    find: (taskClass, connectionId, modelId) => {
      const sums = byTarget.get(evidenceKey(taskClass, connectionId, modelId));
      return sums === undefined ? undefined : performanceOf(combineEvidence(sums, noEvidence));
    },
  };
}
