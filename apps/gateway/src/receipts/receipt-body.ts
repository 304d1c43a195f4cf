import { formatUsd, parsePicoUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { memberQuota, parseMemberQuotaId } from "@switchyard/metering/quota-member";
import type { Receipt, ReceiptAttempt } from "@switchyard/metering/receipt";
import type { ActivePolicy } from "../policies/active-policy.ts";

/** A receipt as the client API shows it: amounts are exact decimals of US dollars, in text, and every sum ties. */
export function receiptBody(receipt: Receipt, policy: ActivePolicy): object {
  return {
    id: receipt.requestId,
    object: "receipt",
    operation: receipt.operation,
    created_at: instant(receipt.startedAtMs),
    ended_at: instant(receipt.endedAtMs),
    status: receipt.status,
    error_code: receipt.errorCode,
    verdict: receipt.verdict,
    requested_model: receipt.requestedModel,
    route: receipt.routeName,
    policy_revision: receipt.policyRevision,
    cache: receipt.cache,
    because: receipt.because.map(({ code, text }) => ({ code, text })),
    warnings: receipt.warnings,
    currency: receipt.currency,
    cost_usd: usd(receipt.costPicoUsd),
    gateway_fee_usd: usd(receipt.feePicoUsd),
    provider_cost_usd: providerCost(receipt),
    cost_by_role_usd: {
      first: usd(receipt.costByRolePicoUsd.first),
      retry: usd(receipt.costByRolePicoUsd.retry),
      fallback: usd(receipt.costByRolePicoUsd.fallback),
      hedge: usd(receipt.costByRolePicoUsd.hedge),
      escalation: usd(receipt.costByRolePicoUsd.escalation),
      shadow: usd(receipt.costByRolePicoUsd.shadow),
    },
    corrected_usd: usd(receipt.correctedPicoUsd),
    billed_usd: usd(receipt.billedPicoUsd),
    response_cache_saved_usd: usd(receipt.responseCacheSavedPicoUsd),
    attempts: receipt.attempts.map((attempt) => attemptBody(attempt, policy)),
  };
}

function attemptBody(attempt: ReceiptAttempt, policy: ActivePolicy): object {
  return {
    id: attempt.attemptId,
    number: attempt.attemptNumber,
    role: attempt.role,
    started_at: instant(attempt.startedAtMs),
    ended_at: instant(attempt.endedAtMs),
    provider: policy.connectionsById.get(attempt.connectionId)?.name ?? attempt.providerKind,
    model: attempt.providerModel,
    verdict: attempt.verdict,
    failure: attempt.failureClass,
    closing: attempt.closing,
    usage_source: attempt.usageSource,
    price_version: attempt.priceVersionId,
    lines: attempt.lines.map(({ meter, quantity, unitPricePicoUsd, amountPicoUsd }) => ({
      meter,
      quantity,
      unit_price_usd: usd(unitPricePicoUsd),
      amount_usd: usd(amountPicoUsd),
    })),
    adjustment_usd: usd(attempt.adjustmentPicoUsd),
    cost_usd: usd(attempt.costPicoUsd),
    gateway_fee_usd: usd(attempt.feePicoUsd),
    provider_cost_usd: providerCost(attempt),
    corrected_usd: usd(attempt.correctedPicoUsd),
    expected_usd: attempt.expectedPicoUsd === null ? null : usd(attempt.expectedPicoUsd),
    provider_cache_saved_usd:
      attempt.providerCacheSavedPicoUsd === null ? null : usd(attempt.providerCacheSavedPicoUsd),
    held_usd: usd(attempt.heldPicoUsd),
    released_usd: usd(attempt.releasedPicoUsd),
    overrun_usd: usd(attempt.overrunPicoUsd),
    budgets_charged: attempt.budgetsCharged.map(({ quotaId, heldPicoUsd, chargedPicoUsd, overrunPicoUsd }) => ({
      id: quotaId,
      name: nameOfQuota(quotaId, policy),
      held_usd: usd(heldPicoUsd),
      charged_usd: usd(chargedPicoUsd),
      overrun_usd: usd(overrunPicoUsd),
    })),
  };
}

function nameOfQuota(quotaId: string, { revision }: ActivePolicy): string | null {
  const member = parseMemberQuotaId(quotaId);
  const quota = revision.quotas.find((known) => known.quotaId === (member?.templateId ?? quotaId));
  if (quota === undefined || member === null) return quota?.name ?? null;
  return memberQuota(quota, member.member).name;
}

function providerCost({ costPicoUsd, feePicoUsd }: Pick<Receipt, "costPicoUsd" | "feePicoUsd">): string {
  return formatUsd(picoUsd(parsePicoUsd(costPicoUsd) - parsePicoUsd(feePicoUsd)));
}

function usd(picoUsd: string): string {
  return formatUsd(parsePicoUsd(picoUsd));
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
