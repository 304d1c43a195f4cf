/** Pure: what the calls of a drill come to. */
import type { SeenCall } from "./send-calls.ts";

export interface DrillFigures {
  readonly calls: number;
  readonly failedShare: number;
  /** How many calls failed with each error code, as `upstream_timeout x 4`. */
  readonly failures: readonly string[];
  readonly silentlyCut: number;
  /** How much later the slowest hundredth was answered than before the fault. */
  readonly addedP99Ms: number;
  /** From the first sign of the fault until calls went elsewhere; null where they never did for good. */
  readonly divertedAfterMs: number | null;
  /** Attempts for each client call: as providers counted them or as the gateway did, whichever is more. */
  readonly amplification: number;
}

/** So many calls in a row must go to the healthy provider before it counts as diverted; a trial call is no relapse. */
const settledRun = 20;
const mostTrialsInRun = 1;

export interface DrillHistory {
  readonly before: readonly SeenCall[];
  readonly during: readonly SeenCall[];
  /** How the gateway names the healthy provider; null where there is none. */
  readonly healthy: string | null;
  /** How long a call to the provider must have lasted before anything can be known to be wrong with it. */
  readonly evidenceAfterMs: number;
  /** A call that takes longer was not served by a target of which nothing bad was known. */
  readonly promptMs: number;
  readonly receivedByProviders: number;
}

export function measure(history: DrillHistory): DrillFigures {
  const { before, during } = history;
  return {
    calls: during.length,
    failedShare: during.filter(({ isWhole }) => !isWhole).length / during.length,
    failures: failuresOf(during),
    silentlyCut: during.filter(({ isSilentlyCut }) => isSilentlyCut).length,
    addedP99Ms: Math.max(0, quantileOf(during.map(durationOf), 0.99) - quantileOf(before.map(durationOf), 0.99)),
    divertedAfterMs: divertedAfterMs(history),
    amplification: Math.max(history.receivedByProviders, attemptsOf(during)) / during.length,
  };
}

function failuresOf(calls: readonly SeenCall[]): string[] {
  const counts = new Map<string, number>();
  for (const { isWhole, errorCode, status } of calls) {
    if (isWhole) continue;
    const code = errorCode ?? (status === 0 ? "connection broken" : `status ${status}`);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => `${code} x ${count}`);
}

function attemptsOf(calls: readonly SeenCall[]): number {
  return calls.reduce((sum, { attempts }) => sum + attempts, 0);
}

function divertedAfterMs({ during, healthy, evidenceAfterMs, promptMs }: DrillHistory): number | null {
  const [first] = during;
  if (first === undefined || healthy === null) return null;
  const isElsewhere = ({ isWhole, provider, durationMs }: SeenCall): boolean =>
    isWhole && provider === healthy && durationMs <= promptMs;
  for (let start = 0; start + settledRun <= during.length; start++) {
    const run = during.slice(start, start + settledRun);
    const [opening] = run;
    if (opening === undefined || !isElsewhere(opening)) continue;
    if (run.filter((call) => !isElsewhere(call)).length > mostTrialsInRun) continue;
    return Math.max(0, opening.startedAtMs - first.startedAtMs - evidenceAfterMs);
  }
  return null;
}

const durationOf = ({ durationMs }: SeenCall): number => durationMs;

/** What this share of the values did not pass; zero without values. */
export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
}
