/** The faults of the drill, and what has to hold in each. `docs/operations/drill.md` explains every one. */
import type { CallPlan } from "./send-calls.ts";

export interface DrillScenario {
  readonly name: string;
  /** What becomes of the first provider; `refuse`: nobody listens at its address any more. */
  readonly fault: Readonly<Record<string, unknown>> | "refuse";
  /** The second provider gets the same fault. */
  readonly hitsBoth?: true;
  readonly streams: CallPlan["streams"];
  /** What the route says of late answers. */
  readonly resilience?: object;
  /** How long it takes until the first call can show that something is wrong. */
  readonly evidenceAfterMs: number;
  readonly targets: {
    /** The largest share of calls that clients may see fail; null where the fault allows no better than honesty. */
    readonly failedShare: number | null;
    readonly divertedAfterMs: number | null;
    readonly amplification: number;
  };
}

/** What a healthy provider takes for an answer. */
export const usualLatencyMs = 40;
export const drillTimeouts = { connectMs: 1_000, firstByteMs: 500, idleMs: 2_000, totalMs: 30_000 };

/** Half of what the slow provider takes, and well above what a healthy one does. */
const objectiveMs = 5 * usualLatencyMs;
const withHealthyFallback = { failedShare: 0, divertedAfterMs: 1_000, amplification: 1.1 };

export const drillScenarios: readonly DrillScenario[] = [
  {
    name: "ten times as slow",
    fault: { latencyMs: 10 * usualLatencyMs },
    streams: "half",
    resilience: {
      latencyObjective: { firstTokenMs: objectiveMs, wholeAnswerMs: objectiveMs },
      hedging: { enabled: false, mostPercentOfCalls: 5 },
    },
    evidenceAfterMs: objectiveMs,
    targets: withHealthyFallback,
  },
  {
    name: "every call fails with 500",
    fault: { errorStatus: 500 },
    streams: "half",
    evidenceAfterMs: 0,
    targets: withHealthyFallback,
  },
  {
    name: "storm of 429",
    fault: { errorStatus: 429 },
    streams: "half",
    evidenceAfterMs: 0,
    targets: withHealthyFallback,
  },
  {
    name: "429 with Retry-After: 3600",
    fault: { errorStatus: 429, retryAfter: "3600" },
    streams: "half",
    evidenceAfterMs: 0,
    targets: withHealthyFallback,
  },
  {
    name: "nobody listens",
    fault: "refuse",
    streams: "half",
    evidenceAfterMs: 0,
    targets: withHealthyFallback,
  },
  {
    name: "no first byte",
    fault: { slowFirstByteMs: 20_000 },
    streams: "half",
    evidenceAfterMs: drillTimeouts.firstByteMs,
    targets: withHealthyFallback,
  },
  {
    name: "streams cut in the middle",
    fault: { cutAfterChunks: 3, outputTokens: 30 },
    streams: "all",
    evidenceAfterMs: 0,
    targets: { ...withHealthyFallback, failedShare: null },
  },
  {
    name: "full outage: both fail with 500",
    fault: { errorStatus: 500 },
    hitsBoth: true,
    streams: "half",
    evidenceAfterMs: 0,
    targets: { failedShare: null, divertedAfterMs: null, amplification: 1.1 },
  },
];
