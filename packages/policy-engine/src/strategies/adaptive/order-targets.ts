import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { costOfUsage } from "@switchyard/metering/price-usage";
import type { Reason } from "@switchyard/metering/usage-event";
import { type BetaBelief, drawShare, meanOf, upperBoundOf } from "../../performance/beta-belief.ts";
import type { TargetPerformance } from "../../performance/target-performance.ts";
import type { Candidate } from "../../routing/candidate.ts";
import type { OrderingInput, TargetOrder } from "../strategy.ts";
import type { AdaptiveConfig } from "./config.ts";

/** How long an answer is taken to be where none of the target's is known. */
const usualOutputTokens = 512;
/** What is known of all tasks together counts as so many tasks of the kind. */
const priorWeight = 4;
/** Before so many trials a bad start is chance, and the normal approximation is none. */
const fewestTrials = 20;

interface Prospect {
  readonly candidate: Candidate;
  readonly belief: BetaBelief;
  /** Tasks of the kind that it has been seen at. */
  readonly trials: number;
  /** What this call is expected to cost, in pico-USD; infinite without a price, because it might cost anything. */
  readonly cost: number;
  readonly isBelowFloor: boolean;
}

/**
 * Orders targets by what a success is expected to cost on each: the expected cost of this call over the share of tasks of its
 * kind that the target succeeds at. A share of the calls draws those shares from what is believed of them instead of
 * taking the middle (Thompson sampling), so that what is little known is tried as often as it may be the best. What surely
 * succeeds less often than the floor is only a fallback of those above it, and is never chosen to explore.
 */
export function orderByOutcome(input: OrderingInput, config: AdaptiveConfig): TargetOrder {
  const { candidates, count, draws } = input;
  const isExploring = draws.below(100) < config.explorePercent;
  const prospects = candidates.map((candidate) => prospectOf(candidate, input, config));
  const scored = prospects.map((prospect) => {
    const share = isExploring && !prospect.isBelowFloor ? drawShare(prospect.belief, draws) : meanOf(prospect.belief);
    return { prospect, costOfSuccess: prospect.cost / Math.max(share, 1e-9), share };
  });
  const ordered = scored
    .toSorted(
      (left, right) =>
        Number(left.prospect.isBelowFloor) - Number(right.prospect.isBelowFloor) ||
        // Below the floor quality is what is missing.
        (left.prospect.isBelowFloor ? right.share - left.share : compare(left.costOfSuccess, right.costOfSuccess)),
    )
    .slice(0, count)
    .map(({ prospect }) => prospect);
  return { ordered: ordered.map(({ candidate }) => candidate), because: explain(ordered, input, config, isExploring) };
}

/** Two that are both without a price are equal. */
function compare(left: number, right: number): number {
  return left < right ? -1 : Number(left > right);
}

function prospectOf(candidate: Candidate, input: OrderingInput, config: AdaptiveConfig): Prospect {
  const { performance, features } = input;
  const { connectionId, modelId } = candidate.target;
  const taskClass = features.task?.taskClass ?? null;
  const overall = performance?.find(null, connectionId, modelId);
  const ofKind = taskClass === null ? overall : performance?.find(taskClass, connectionId, modelId);
  const belief = beliefOf(ofKind, taskClass === null ? undefined : overall);
  const trials = (ofKind?.successes ?? 0) + (ofKind?.failures ?? 0);
  return {
    candidate,
    belief,
    trials,
    cost: expectedCost(candidate, input, ofKind?.meanOutputTokens ?? overall?.meanOutputTokens ?? usualOutputTokens),
    isBelowFloor: trials >= fewestTrials && upperBoundOf(belief) < config.successPercentAtLeast / 100,
  };
}

function beliefOf(ofKind: TargetPerformance | undefined, overall: TargetPerformance | undefined): BetaBelief {
  const seen = overall === undefined ? 0 : overall.successes + overall.failures;
  const weight = Math.min(priorWeight, seen);
  const share = overall === undefined || seen === 0 ? 0 : overall.successes / seen;
  return {
    alpha: 1 + weight * share + (ofKind?.successes ?? 0),
    beta: 1 + weight * (1 - share) + (ofKind?.failures ?? 0),
  };
}

function expectedCost({ target, model }: Candidate, { features, nowMs }: OrderingInput, outputTokens: number): number {
  const { operation, inputTokensExpected, outputTokensAsked, answers } = features;
  const perAnswer = Math.min(
    outputTokensAsked ?? Infinity,
    Math.round(outputTokens),
    model.maxOutputTokens ?? Infinity,
  );
  const output = operation === "chat" ? perAnswer * answers : 0;
  const usage = { input: inputTokensExpected, output, requests: 1 };
  const cost = costOfUsage(model.prices, { connectionId: target.connectionId, usage, serviceTier: null, atMs: nowMs });
  return cost === null ? Infinity : Number(cost);
}

function explain(
  [first, ...rest]: readonly Prospect[],
  { features }: OrderingInput,
  { successPercentAtLeast }: AdaptiveConfig,
  isExploring: boolean,
): Reason[] {
  if (first === undefined) return [];
  const kind = features.task?.taskClass ?? null;
  const tasks = kind === null ? "all tasks" : `tasks of the kind ${kind}`;
  const what = ({ belief, trials, cost }: Prospect): string => {
    const share = `succeeds at ${Math.round(meanOf(belief) * 100)} % of ${tasks}, as far as ${Math.round(trials)} tell`;
    return cost === Infinity ? `${share}, and has no price` : `${share}, and this call may cost ${dollars(cost)}`;
  };
  const how = isExploring
    ? "this call is one of those that explore; it"
    : "a success is expected to cost least there; it";
  const floor = `; it is below the floor of ${successPercentAtLeast} %`;
  return [
    {
      code: isExploring ? "adaptive_exploration" : "adaptive_choice",
      text: `Chose ${first.candidate.label}: ${how} ${what(first)}${first.isBelowFloor ? `${floor}, as all others are` : ""}.`,
    },
    ...rest.map((prospect) => ({
      code: "adaptive_next",
      text: `Next in line is ${prospect.candidate.label}: it ${what(prospect)}${prospect.isBelowFloor ? floor : ""}.`,
    })),
  ];
}

function dollars(cost: number): string {
  return `$${formatUsd(picoUsd(BigInt(Math.round(Number(cost.toPrecision(2))))))}`;
}
