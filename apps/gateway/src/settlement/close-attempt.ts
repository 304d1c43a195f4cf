/** What an attempt cost, and how its hold is closed. Pure: the same outcome gives the same record. */
import { isFlatFee } from "@switchyard/metering/applicable-price-line";
import { chargeableUsage } from "@switchyard/metering/chargeable-usage";
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
  const cost = costOf(open, outcome);
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

/** Closes an attempt whose process died: nobody knows what it used, so it costs its hold until that is corrected. */
export function closeLostAttempt(hold: HoldRecord, endedAtMs: number): AttemptRecord {
  return closeUnknown(hold, endedAtMs, "settle");
}

/** Closes an attempt that was never sent, because its hold did not reach the disk for certain. */
export function closeUnsentAttempt(hold: HoldRecord, endedAtMs: number): AttemptRecord {
  return closeUnknown(hold, endedAtMs, "void");
}

function closeUnknown(hold: HoldRecord, endedAtMs: number, closing: "settle" | "void"): AttemptRecord {
  const cost = closing === "settle" ? BigInt(hold.holdPicoUsd) : 0n;
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
    lines: [],
    quotas: chargesOf(hold, cost),
    timeToFirstTokenMs: null,
  };
}

function costOf({ hold, holdPicoUsd, priceVersion }: OpenAttempt, outcome: AttemptOutcome): Cost {
  if (!outcome.mayBeBilled) {
    return { closing: "void", costPicoUsd: 0n, lines: [], usage: {}, usageSource: "none" };
  }
  const { usageSource, serviceTier } = outcome;
  const usage = outcome.usage !== null && isCounted(outcome.usage) ? outcome.usage : null;
  const asHeld: Cost = {
    closing: "settle",
    costPicoUsd: holdPicoUsd,
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
