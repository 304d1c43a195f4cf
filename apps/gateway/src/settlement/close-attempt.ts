/** What an attempt cost, and how its hold is closed. Pure: the same outcome gives the same record. */
import { isFlatFee } from "@switchyard/metering/applicable-price-line";
import { chargeableUsage } from "@switchyard/metering/chargeable-usage";
import { feeLines, feeOn } from "@switchyard/metering/gateway-fee";
import type { Usage } from "@switchyard/metering/meters";
import { maxAttemptPicoUsd } from "@switchyard/metering/pico-usd";
import type { PriceVersion } from "@switchyard/metering/price-version";
import { priceUsageByVersion } from "@switchyard/metering/price-usage";
import type {
  AttemptRecord,
  HoldRecord,
  QuotaCharge,
  ReceiptLine,
  UsageSource,
} from "@switchyard/metering/usage-event";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { OpenAttempt } from "../admission/open-attempts.ts";

interface Cost {
  readonly closing: "settle" | "void";
  readonly costPicoUsd: bigint;
  readonly lines: readonly ReceiptLine[];
  readonly usage: Usage;
  readonly usageSource: UsageSource;
}

export function closeAttempt(open: OpenAttempt, outcome: AttemptOutcome, endedAtMs: number): AttemptRecord {
  const { hold } = open;
  const provider = costOf(open, outcome);
  const fee = provider.closing === "void" ? 0n : feeOf(hold, provider.costPicoUsd, open.fee?.isRequestPartDue ?? false);
  const cost = { ...provider, costPicoUsd: provider.costPicoUsd + fee, lines: [...provider.lines, ...feeLines(fee)] };
  return {
    ...hold,
    type: "attempt",
    endedAtMs,
    closing: cost.closing,
    verdict: outcome.verdict,
    failureClass: outcome.failureClass,
    upstreamStatus: outcome.upstreamStatus,
    costPicoUsd: cost.costPicoUsd.toString(),
    usage: cost.usage,
    usageSource: cost.usageSource,
    lines: cost.lines,
    quotas: chargesOf(hold, cost.costPicoUsd),
    timeToFirstTokenMs: outcome.timeToFirstTokenMs,
  };
}

/**
 * Closes an attempt whose process died: nobody knows what it used, so it costs its hold until that is corrected.
 * `isRequestPartDue`: no other attempt of the request was charged with the fee's amount for each request.
 */
export function closeLostAttempt(hold: HoldRecord, endedAtMs: number, isRequestPartDue: boolean): AttemptRecord {
  const cost = providerHoldOf(hold);
  return closeUnknown(hold, endedAtMs, "settle", cost, feeOf(hold, cost, isRequestPartDue));
}

/** Closes an attempt that was never sent, because its hold did not reach the disk for certain. */
export function closeUnsentAttempt(hold: HoldRecord, endedAtMs: number): AttemptRecord {
  return closeUnknown(hold, endedAtMs, "void", 0n, 0n);
}

function closeUnknown(
  hold: HoldRecord,
  endedAtMs: number,
  closing: "settle" | "void",
  providerPicoUsd: bigint,
  feePicoUsd: bigint,
): AttemptRecord {
  const cost = providerPicoUsd + feePicoUsd;
  return {
    ...hold,
    type: "attempt",
    endedAtMs,
    closing,
    verdict: "errored",
    failureClass: "process_lost",
    upstreamStatus: null,
    costPicoUsd: cost.toString(),
    usage: {},
    usageSource: closing === "settle" ? "upper_bound" : "none",
    lines: feeLines(feePicoUsd),
    quotas: chargesOf(hold, cost),
    timeToFirstTokenMs: null,
  };
}

/** What was held for the provider alone. */
function providerHoldOf({ holdPicoUsd, fee }: HoldRecord): bigint {
  return BigInt(holdPicoUsd) - BigInt(fee?.heldPicoUsd ?? "0");
}

/** By the terms that the hold pinned, and never more than was held for it: our own fee takes no budget past its limit. */
function feeOf({ fee }: HoldRecord, costPicoUsd: bigint, isRequestPartDue: boolean): bigint {
  if (fee === undefined) return 0n;
  const amount = feeOn(fee, costPicoUsd, isRequestPartDue);
  const held = BigInt(fee.heldPicoUsd);
  return amount < held ? amount : held;
}

/** What the provider bills. */
function costOf({ hold, priceVersion }: OpenAttempt, outcome: AttemptOutcome): Cost {
  if (!outcome.mayBeBilled) {
    return { closing: "void", costPicoUsd: 0n, lines: [], usage: {}, usageSource: "none" };
  }
  const { usageSource, serviceTier } = outcome;
  const usage = outcome.usage !== null && isCounted(outcome.usage) ? outcome.usage : null;
  const asHeld: Cost = {
    closing: "settle",
    costPicoUsd: providerHoldOf(hold),
    lines: [],
    usage: usage ?? {},
    usageSource: "upper_bound",
  };
  // Without a price there is no cost to speak of; where a budget applies, such a model was refused.
  if (priceVersion === null) return { ...asHeld, costPicoUsd: 0n, usageSource: usage === null ? "none" : usageSource };
  if (usage === null && !isFlatFee(priceVersion)) return asHeld;
  const counted = withFee(usage ?? {}, priceVersion);
  // What an answer is billed by is known; of the other operations providers report several measures.
  const chargeable = hold.operation === "chat" ? counted : chargeableUsage(priceVersion, counted);
  if (chargeable === null && !isFlatFee(priceVersion)) return asHeld;
  const toPrice = { usage: chargeable ?? counted, serviceTier, atMs: hold.startedAtMs };
  const priced = priceUsageByVersion(priceVersion, toPrice);
  if (priced.kind === "unpriced" || priced.costPicoUsd > maxAttemptPicoUsd) return asHeld;
  return {
    closing: "settle",
    costPicoUsd: priced.costPicoUsd,
    lines: priced.lines,
    usage: counted,
    usageSource: usage === null ? "upper_bound" : usageSource,
  };
}

/** What a provider says is not to be trusted: quantities that are none count as no usage at all. */
function isCounted(usage: Usage): boolean {
  return Object.values(usage).every((quantity) => Number.isSafeInteger(quantity) && quantity >= 0);
}

function withFee(usage: Usage, version: PriceVersion): Usage {
  return version.lines.some(({ meter }) => meter === "requests") ? { ...usage, requests: 1 } : usage;
}

function chargesOf({ quotas }: HoldRecord, cost: bigint): QuotaCharge[] {
  return quotas.map((held) => {
    const most = BigInt(held.heldPicoUsd);
    const charged = cost < most ? cost : most;
    return { ...held, chargedPicoUsd: charged.toString(), overrunPicoUsd: (cost - charged).toString() };
  });
}
