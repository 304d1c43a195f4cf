/** What a gateway process tells of its targets: to people, who see all gateways at once, and to processes that know less. */
import { latencyBucketCount } from "@switchyard/metering/latency-buckets";
import { z } from "zod";
import { type CircuitState, circuitStateAt } from "./circuit.ts";
import type { ConnectionHealth } from "./connection-health.ts";

/** A report names at most so many targets: those that were called last. */
export const mostReportedTargets = 500;

/** Weights of durations by bucket of the ledger's histogram; null where there is none. */
const latencies = z.array(z.number().min(0)).length(latencyBucketCount).nullable();

export const targetReportSchema = z.object({
  connectionId: z.string().max(64),
  modelId: z.string().max(64),
  /** Of the last five minutes, like the failures. */
  answered: z.int().min(0),
  failures: z.record(z.string().max(40), z.int().min(0)),
  firstToken: latencies,
  wholeAnswer: latencies,
  circuit: z.enum(["closed", "open", "half_open", "on_trial"]),
  /** Since its last call ended. */
  idleForMs: z.number().min(0),
});

export type TargetReport = z.infer<typeof targetReportSchema>;

/** The targets that were called last, newest first. `nowMs` is of the clock that health is kept by. */
export function reportHealth(connections: ReadonlyMap<string, ConnectionHealth>, nowMs: number): TargetReport[] {
  const reports: TargetReport[] = [];
  for (const [connectionId, { circuit, targetsByModelId }] of connections) {
    for (const [modelId, target] of targetsByModelId) {
      if (target.lastEndedAtMs === null) continue;
      reports.push({
        connectionId,
        modelId,
        ...target.recentOutcomes(nowMs),
        firstToken: target.firstToken.countsAt(nowMs),
        wholeAnswer: target.wholeAnswer.countsAt(nowMs),
        circuit: worseOf(circuitStateAt(circuit, nowMs), circuitStateAt(target.circuit, nowMs)),
        idleForMs: Math.max(0, Math.round(nowMs - target.lastEndedAtMs)),
      });
    }
  }
  return reports.toSorted((a, b) => a.idleForMs - b.idleForMs).slice(0, mostReportedTargets);
}

const worstFirst: readonly CircuitState[] = ["open", "on_trial", "half_open", "closed"];

function worseOf(ofConnection: CircuitState, ofTarget: CircuitState): CircuitState {
  return worstFirst.find((state) => state === ofConnection || state === ofTarget) ?? "closed";
}
