import type { Reason } from "@switchyard/metering/usage-event";
import type { Candidate } from "../../routing/candidate.ts";
import type { SeededDraws } from "../../routing/seeded-draws.ts";
import type { OrderingInput, TargetOrder } from "../strategy.ts";
import type { FastestConfig } from "./config.ts";

interface Measured {
  readonly candidate: Candidate;
  readonly speedMs: number;
}

type Percentile = NonNullable<FastestConfig["percentile"]>;

/**
 * How a percentile is told, and how many recent answers it needs before it is believed: five, or fifty where one in a
 * hundred has to show, which have begun to count a little less.
 */
const percentiles: Readonly<Record<Percentile, { readonly share: string; readonly fewestAnswers: number }>> = {
  50: { share: "half", fewestAnswers: 4.5 },
  99: { share: "99 %", fewestAnswers: 45 },
};

/**
 * Draws two of the targets that are known well enough and puts the faster one first: the fastest alone would get every
 * call and soon be the slowest (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing"). Some calls go to
 * a target that is not known yet. The fallbacks follow from the fastest to the slowest, then the unknown. Streams are
 * compared by their first token, whole answers by their end. Weights mean nothing here.
 */
export function orderBySpeed(input: OrderingInput, { explorePercent, percentile = 50 }: FastestConfig): TargetOrder {
  const { candidates, count, draws, features } = input;
  const measured: Measured[] = [];
  const unknown: Candidate[] = [];
  for (const candidate of candidates) {
    const speedMs = recentSpeedMs(candidate, input, percentile);
    if (speedMs === null) unknown.push(candidate);
    else measured.push({ candidate, speedMs });
  }
  const isExploring = unknown.length > 0 && (measured.length === 0 || draws.below(100) < explorePercent);
  const first = isExploring ? unknown[draws.below(unknown.length)] : fasterOfTwo(measured, draws)?.candidate;
  if (first === undefined) return { ordered: [], because: [] };
  measured.sort((left, right) => left.speedMs - right.speedMs);
  const others = [...measured.map(({ candidate }) => candidate), ...unknown].filter((candidate) => candidate !== first);
  const ordered = [first, ...others].slice(0, count);
  return { ordered, because: explain(ordered, measured, features.stream, percentiles[percentile].share) };
}

function recentSpeedMs(
  { target }: Candidate,
  { features, health }: OrderingInput,
  percentile: Percentile,
): number | null {
  const known = health.connections.get(target.connectionId)?.targetsByModelId.get(target.modelId);
  const latency = features.stream ? known?.firstToken : known?.wholeAnswer;
  if (latency === undefined || latency.samplesAt(health.nowMs) < percentiles[percentile].fewestAnswers) return null;
  return latency.quantile(percentile / 100);
}

function fasterOfTwo(measured: readonly Measured[], draws: SeededDraws): Measured | undefined {
  if (measured.length < 2) return measured[0];
  const position = draws.below(measured.length);
  const one = measured[position];
  const other = measured[(position + 1 + draws.below(measured.length - 1)) % measured.length];
  return one !== undefined && other !== undefined && other.speedMs < one.speedMs ? other : one;
}

function explain(
  ordered: readonly Candidate[],
  measured: readonly Measured[],
  isStream: boolean,
  share: string,
): Reason[] {
  const speeds = new Map(measured.map(({ candidate, speedMs }) => [candidate, speedMs]));
  const speedOf = (candidate: Candidate): string => {
    const speedMs = speeds.get(candidate);
    if (speedMs === undefined) return "too few recent answers to say how fast it is";
    return `${share} of its recent answers ${isStream ? "began" : "were whole"} within ${Math.round(speedMs)} ms`;
  };
  return ordered.map((candidate, index) => {
    if (index > 0) return { code: "fastest_next", text: `Next in line is ${candidate.label}: ${speedOf(candidate)}.` };
    if (!speeds.has(candidate)) {
      return { code: "fastest_exploration", text: `Chose ${candidate.label} to learn how fast it is.` };
    }
    const drawn = speeds.size > 2 ? `, the faster of two drawn from ${speeds.size}` : "";
    return { code: "fastest_choice", text: `Chose ${candidate.label}: ${speedOf(candidate)}${drawn}.` };
  });
}
