/**
 * Believes other gateway processes about targets that this one has not called lately, so that a new process does not learn
 * an outage anew. What it has seen for itself always counts more.
 */
import type { FailureClass } from "@switchyard/metering/usage-event";
import type { SeededDraws } from "../routing/seeded-draws.ts";
import { circuitStateAt, closedCircuit, openCircuit } from "./circuit.ts";
import type { ConnectionHealth } from "./connection-health.ts";
import { failureRules } from "./failure-rule.ts";
import { mostReportedTargets, type TargetReport } from "./health-report.ts";
import type { TargetHealth } from "./target-health.ts";

/** What another process told, and how long ago. */
export interface OthersReport {
  readonly toldMsAgo: number;
  readonly targets: readonly TargetReport[];
}

/** Evidence of others is not taken beyond this age. */
export const othersCountForMs = 30_000;
/** While the last call of this process ended within it, others are not asked. */
export const ownCountsForMs = 60_000;
/** Below this many recent answers of its own, a process takes the times of others. */
const fewestOwnAnswers = 1;

type Verdict = "works" | FailureClass | null;

/**
 * Where a process answers that a target works, it works, whatever others say; where all that say anything have its circuit
 * open, it opens here too. `reports` newest first; times are of the clock that health is kept by.
 */
export function adoptReports(
  reports: readonly OthersReport[],
  connectionOf: (connectionId: string) => ConnectionHealth,
  nowMs: number,
  draws: SeededDraws,
): void {
  for (const told of freshByTarget(reports).values()) {
    const [newest] = told;
    if (newest === undefined) continue;
    const target = connectionOf(newest.connectionId).targetOf(newest.modelId);
    if (isKnownHere(target, nowMs)) continue;
    adoptVerdict(target, verdictOf(told), nowMs, draws);
    for (const times of ["firstToken", "wholeAnswer"] as const) {
      const counts = told.find((report) => report[times] !== null)?.[times];
      if (counts && target[times].samplesAt(nowMs) < fewestOwnAnswers) target[times].adopt(counts, nowMs);
    }
  }
}

function freshByTarget(reports: readonly OthersReport[]): ReadonlyMap<string, readonly TargetReport[]> {
  const byTarget = new Map<string, TargetReport[]>();
  for (const { toldMsAgo, targets } of reports) {
    for (const report of targets) {
      if (toldMsAgo + report.idleForMs > othersCountForMs) continue;
      const key = JSON.stringify([report.connectionId, report.modelId]);
      const known = byTarget.get(key);
      if (known !== undefined) known.push(report);
      else if (byTarget.size < mostReportedTargets) byTarget.set(key, [report]);
    }
  }
  return byTarget;
}

/** A trial that is under way is about to tell more than any report. */
function isKnownHere({ lastEndedAtMs, circuit }: TargetHealth, nowMs: number): boolean {
  if (lastEndedAtMs !== null && nowMs - lastEndedAtMs < ownCountsForMs) return true;
  return circuit.trialUntilMs > nowMs;
}

function verdictOf(told: readonly TargetReport[]): Verdict {
  if (told.some(({ circuit, answered }) => circuit === "closed" && answered > 0)) return "works";
  const broken = told.find(({ circuit }) => circuit !== "closed");
  return broken === undefined ? null : usualFailure(broken);
}

function usualFailure({ failures }: TargetReport): FailureClass {
  let usual: FailureClass = "server_error";
  let most = 0;
  for (const failure of Object.keys(failureRules) as FailureClass[]) {
    const count = failures[failure] ?? 0;
    if (count > most) [usual, most] = [failure, count];
  }
  return usual;
}

function adoptVerdict(target: TargetHealth, verdict: Verdict, nowMs: number, draws: SeededDraws): void {
  if (verdict === null) return;
  if (verdict === "works") target.circuit = closedCircuit;
  else if (circuitStateAt(target.circuit, nowMs) !== "open") {
    target.circuit = { ...openCircuit(target.circuit, verdict, nowMs, draws), seenByOthers: true };
  }
}
