import { feeOn, type GatewayFee } from "@switchyard/metering/gateway-fee";
import { formatUsd, parsePicoUsd, picoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { Call } from "../accept/call.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import type { CallSize } from "../admission/estimate.ts";
import type { TargetEstimate } from "./cost-estimator.ts";

/**
 * Writes what each target would cost, the gateway's fee included. The totals are over the targets: the least that is
 * expected, the most that is held.
 */
export function writeEstimate(
  call: Call,
  route: Route,
  size: CallSize,
  estimates: readonly TargetEstimate[],
  fee: GatewayFee | null,
): void {
  const targets = estimates.map((target) => ({
    ...target,
    expectedPicoUsd: withFee(target.expectedPicoUsd, fee),
    worstCasePicoUsd: withFee(target.worstCasePicoUsd, fee),
  }));
  const expected = targets.flatMap(({ expectedPicoUsd }) => expectedPicoUsd ?? []);
  const worst = targets.flatMap(({ worstCasePicoUsd }) => worstCasePicoUsd ?? []);
  const body = {
    object: "estimate",
    model: route.name,
    operation: size.operation,
    currency: "USD",
    gateway_fee: fee === null ? null : describeFee(fee),
    cheapest_expected_usd: usd(expected.reduce<PicoUsd | null>(lesser, null)),
    dearest_worst_case_usd: usd(worst.reduce<PicoUsd | null>(greater, null)),
    targets: targets.map((target) => ({
      provider: target.connection.name,
      model: target.model.providerModel,
      priced: target.worstCasePicoUsd !== null,
      price_version: target.priceVersionId,
      input_tokens: {
        expected: target.inputTokensExpected,
        at_most: target.inputTokensAtMost,
        counted_by: target.countedBy,
      },
      output_tokens: { expected: target.outputTokensExpected, at_most: target.outputTokensAtMost },
      expected_usd: usd(target.expectedPicoUsd),
      worst_case_usd: usd(target.worstCasePicoUsd),
    })),
  };
  writeCompleteAnswer(call, JSON.stringify(body));
}

function withFee(costPicoUsd: PicoUsd | null, fee: GatewayFee | null): PicoUsd | null {
  return costPicoUsd === null || fee === null ? costPicoUsd : picoUsd(costPicoUsd + feeOn(fee, costPicoUsd, true));
}

function describeFee({ perRequestPicoUsd, shareOfCostPpm }: GatewayFee): object {
  return { per_request_usd: formatUsd(parsePicoUsd(perRequestPicoUsd)), percent_of_cost: shareOfCostPpm / 10_000 };
}

function lesser(least: PicoUsd | null, amount: PicoUsd): PicoUsd {
  return least === null || amount < least ? amount : least;
}

function greater(most: PicoUsd | null, amount: PicoUsd): PicoUsd {
  return most === null || amount > most ? amount : most;
}

function usd(amount: PicoUsd | null): string | null {
  return amount === null ? null : formatUsd(amount);
}
