import { formatUsd, type PicoUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { costOfUsage } from "@switchyard/metering/price-usage";
import type { Reason } from "@switchyard/metering/usage-event";
import type { Candidate } from "../../routing/candidate.ts";
import type { OrderingInput, TargetOrder } from "../strategy.ts";
import type { CheapestConfig } from "./config.ts";

interface Estimate {
  readonly candidate: Candidate;
  /** Null where the model has no price for such a call. */
  readonly costPicoUsd: PicoUsd | null;
}

/**
 * Orders targets by what this call is expected to cost on each: its input at full price (what a cache saves is not known
 * before), the usual output, and the fee per request, by the prices in effect. Equal costs stay in the route's order. A
 * target without a price comes last, because it might cost anything. Weights mean nothing here.
 */
export function orderByCost(input: OrderingInput, config: CheapestConfig): TargetOrder {
  const estimates = input.candidates.map((candidate) => ({
    candidate,
    costPicoUsd: expectedCost(candidate, input, config),
  }));
  const chosen = estimates.toSorted(compareCosts).slice(0, input.count);
  return { ordered: chosen.map(({ candidate }) => candidate), because: explain(chosen) };
}

function expectedCost({ target, model }: Candidate, input: OrderingInput, config: CheapestConfig): PicoUsd | null {
  const { inputTokensExpected, outputTokensAsked, answers, operation } = input.features;
  const perAnswer = Math.min(
    outputTokensAsked ?? Infinity,
    config.expectedOutputTokens,
    model.maxOutputTokens ?? Infinity,
  );
  const output = operation === "chat" ? perAnswer * answers : 0;
  return costOfUsage(model.prices, {
    connectionId: target.connectionId,
    usage: { input: inputTokensExpected, output, requests: 1 },
    serviceTier: null,
    atMs: input.nowMs,
  });
}

function compareCosts({ costPicoUsd: left }: Estimate, { costPicoUsd: right }: Estimate): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return left < right ? -1 : Number(left > right);
}

function explain([first, second, ...rest]: readonly Estimate[]): Reason[] {
  if (first === undefined) return [];
  const next = second === undefined ? "" : `, next ${second.candidate.label} ${at(second)}`;
  const choice =
    first.costPicoUsd === null
      ? "no target has a price for this call"
      : `this call is expected to cost ${showCost(first.costPicoUsd)} there`;
  return [
    { code: "cheapest_choice", text: `Chose ${first.candidate.label}: ${choice}${next}.` },
    ...rest.map((estimate) => ({
      code: "cheapest_next",
      text: `After that comes ${estimate.candidate.label} ${at(estimate)}.`,
    })),
  ];
}

function at({ costPicoUsd }: Estimate): string {
  return costPicoUsd === null ? "without a price" : `at ${showCost(costPicoUsd)}`;
}

/** No amount has more digits; a power is looked up, because the decision has no time to work it out. */
const powersOfTen = Array.from({ length: 40 }, (_, digits) => 10n ** BigInt(digits));

/** Two digits are as many as an estimate deserves. */
function showCost(cost: PicoUsd): string {
  const unit = powersOfTen[Math.max(0, cost.toString().length - 2)] ?? 1n;
  return `$${formatUsd(picoUsd(((cost + unit / 2n) / unit) * unit))}`;
}
