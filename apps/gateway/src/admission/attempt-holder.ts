/** Holds money for one attempt and has the hold written down, before anything is sent to a provider. */
import { expectedCost } from "@switchyard/metering/expected-cost";
import { costWithinTotal, feeOn } from "@switchyard/metering/gateway-fee";
import { largestAffordableOutput } from "@switchyard/metering/largest-affordable-output";
import { maxAttemptPicoUsd, picoUsd, zeroPicoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import { pinnedPriceVersion } from "@switchyard/metering/pinned-price-version";
import type { PriceVersion } from "@switchyard/metering/price-version";
import { usageEventVersion, type FeeHold, type HoldRecord, type QuotaHold } from "@switchyard/metering/usage-event";
import { isOutputPriced, worstCaseCost, type CallBounds } from "@switchyard/metering/worst-case-cost";
import { GatewayError } from "../errors/gateway-error.ts";
import { ConnectionFullError, isOfProvider } from "./connection-full.error.ts";
import type { AttemptToHold, CallToAdmit, HeldAttempt } from "./admission.ts";
import type { CallFee } from "./call-fee.ts";
import { boundsOfCall, expectedTokens, tokensToReserve } from "./estimate.ts";
import type { HoldJournal } from "./hold-journal.ts";
import type { HoldOutcome, QuotaHeld, QuotaNeed, QuotaRefusal } from "./hold-outcome.ts";
import { quotasOfConnection, type MatchingQuotas } from "./matching-quotas.ts";
import type { OpenAttempt, OpenAttempts } from "./open-attempts.ts";
import type { QuotaLeases } from "./quota-leases.ts";
import type { QuotaMetrics } from "./quota-metrics.ts";
import { refusalError } from "./refusal-error.ts";
import { SoftBudgetWindows } from "./soft-budget-window.ts";

export interface AttemptHolderOptions {
  readonly gatewayId: string;
  readonly leases: QuotaLeases;
  readonly journal: HoldJournal;
  readonly openAttempts: OpenAttempts;
  readonly databaseNowMs: () => number;
  readonly metrics: Pick<QuotaMetrics, "countRefusal">;
}

/** One attempt with everything that decides its hold. */
interface Bounded {
  readonly call: CallToAdmit;
  readonly attempt: AttemptToHold;
  readonly fee: CallFee | null;
  /** As it was when the hold was computed: another attempt may settle while this one waits for a lease. */
  readonly isRequestPartDue: boolean;
  readonly startedAtMs: number;
  readonly version: PriceVersion | null;
  readonly hardBudgets: MatchingQuotas["hardBudgets"];
  readonly softBudgets: MatchingQuotas["softBudgets"];
  readonly rateNeeds: readonly QuotaNeed[];
  bounds: CallBounds;
  /** What the provider may bill at most. */
  worstPicoUsd: PicoUsd;
}

/** Another call may take what was left between two looks, but not for ever. */
const mostClamps = 4;

export class AttemptHolder {
  readonly #options: AttemptHolderOptions;
  readonly #softWindows = new SoftBudgetWindows();

  constructor(options: AttemptHolderOptions) {
    this.#options = options;
  }

  async hold(
    call: CallToAdmit,
    ofCall: MatchingQuotas,
    attempt: AttemptToHold,
    fee: CallFee | null = null,
  ): Promise<HeldAttempt> {
    if (!this.#options.journal.isWritable) throw journalUnavailable();
    const bounded = this.#bound(call, ofCall, attempt, fee);
    for (let clamps = 0; ; clamps += 1) {
      const pending = this.#options.leases.hold(needsOf(bounded));
      const outcome: HoldOutcome = pending instanceof Promise ? await pending : pending;
      if (outcome.kind === "held") return this.#writeDown(bounded, outcome.held);
      if (clamps === mostClamps || !clamp(bounded, outcome.refusal)) {
        const error = isOfProvider(outcome.refusal)
          ? new ConnectionFullError(outcome.refusal)
          : refusalError(outcome.refusal, holdOf(bounded));
        this.#options.metrics.countRefusal(error);
        throw error;
      }
    }
  }

  #bound(call: CallToAdmit, ofCall: MatchingQuotas, attempt: AttemptToHold, fee: CallFee | null): Bounded {
    const { connection, model } = attempt;
    const startedAtMs = Date.now();
    const ofConnection = quotasOfConnection(call.policy, connection.connectionId);
    const hardBudgets = [...ofCall.hardBudgets, ...ofConnection.hardBudgets];
    const softBudgets = [...ofCall.softBudgets, ...ofConnection.softBudgets];
    const version = pinnedPriceVersion(model.prices, connection.connectionId, startedAtMs);
    const bounds = withinCeiling(boundsOfCall(call, model), version, attempt);
    const worst = version === null ? null : worstCaseCost(version, bounds);
    if (worst === null && hardBudgets.length > 0) {
      throw new GatewayError(
        "model_not_priced",
        `The model "${model.providerModel}" has no price, and a budget applies.`,
      );
    }
    return {
      call,
      attempt,
      fee,
      isRequestPartDue: fee?.isRequestPartDue ?? false,
      startedAtMs,
      version: version !== null && (version.free || version.lines.length > 0) ? version : null,
      hardBudgets,
      softBudgets,
      rateNeeds: ofConnection.rates.map((quota) => ({ quota, amount: rateAmount(quota, call) })),
      bounds,
      worstPicoUsd: worst === null ? zeroPicoUsd : atMostOneAttempt(worst),
    };
  }

  async #writeDown(bounded: Bounded, held: readonly QuotaHeld[]): Promise<HeldAttempt> {
    const { version, hardBudgets, rateNeeds, attempt, fee } = bounded;
    const isBounded = hardBudgets.length > 0 || attempt.costCeilingPicoUsd !== undefined;
    const isCapped = isBounded && version !== null && isOutputPriced(version);
    const budgets = held.filter(({ quota }) => quota.unit === "pico_usd");
    const open: OpenAttempt = {
      isOpen: false,
      hold: this.#record(bounded, budgets),
      outputTokensCap: isCapped && bounded.call.operation === "chat" ? bounded.bounds.outputTokensAtMost : null,
      holdPicoUsd: holdOf(bounded),
      fee,
      priceVersion: version,
      budgets,
      rates: rateNeeds.length === 0 ? [] : held.filter(({ quota }) => quota.unit !== "pico_usd"),
    };
    try {
      await this.#options.journal.append(open.hold);
    } catch (error) {
      for (const slice of held) this.#options.leases.close(slice, 0n);
      throw journalUnavailable(error);
    }
    this.#options.openAttempts.add(open);
    return open;
  }

  #record(bounded: Bounded, budgets: readonly QuotaHeld[]): HoldRecord {
    const { call, attempt, startedAtMs } = bounded;
    const fee = feeHold(bounded);
    const { connection, model } = attempt;
    return {
      type: "hold",
      version: usageEventVersion,
      attemptId: attempt.attemptId,
      requestId: call.requestId,
      attemptNumber: attempt.attemptNumber,
      role: attempt.role,
      operation: call.operation,
      startedAtMs,
      gatewayId: this.#options.gatewayId,
      attribution: call.attribution,
      routeId: call.route.routeId,
      routeName: call.route.name,
      connectionId: connection.connectionId,
      providerKind: connection.kind,
      modelId: model.modelId,
      providerModel: model.providerModel,
      policyRevision: call.policy.number,
      priceVersionId: bounded.version?.priceVersionId ?? null,
      holdPicoUsd: holdOf(bounded).toString(),
      ...(fee === null ? {} : { fee }),
      expectedPicoUsd: expectedPicoUsd(bounded),
      ...(attempt.taskClass === undefined ? {} : { taskClass: attempt.taskClass }),
      quotas: this.#quotaHolds(bounded, budgets),
    };
  }

  /** Every budget in scope: with its lease, or without one where nothing is leased (soft, or a hold of nothing). */
  #quotaHolds(bounded: Bounded, budgets: readonly QuotaHeld[]): QuotaHold[] {
    const { hardBudgets, softBudgets } = bounded;
    if (hardBudgets.length + softBudgets.length === 0) return [];
    const heldPicoUsd = holdOf(bounded).toString();
    const holds: QuotaHold[] = budgets.map(({ quota, lease }) => ({
      quotaId: quota.quotaId,
      windowStartMs: lease.windowStartMs,
      leaseId: lease.leaseId,
      heldPicoUsd,
    }));
    const leased = new Set(holds.map(({ quotaId }) => quotaId));
    for (const quota of [...hardBudgets, ...softBudgets]) {
      if (leased.has(quota.quotaId)) continue;
      const windowStartMs = this.#softWindows.windowStartMs(quota, this.#options.databaseNowMs());
      holds.push({ quotaId: quota.quotaId, windowStartMs, leaseId: null, heldPicoUsd });
    }
    return holds;
  }
}

function expectedPicoUsd(bounded: Bounded): string | null {
  const { version, call, startedAtMs } = bounded;
  if (version === null) return null;
  const cost = expectedCost(version, { ...expectedTokens(call), atMs: startedAtMs });
  return cost === null ? null : (cost + feeAt(bounded, cost)).toString();
}

/** What is held: the most that the provider may bill, and the fee on it. */
function holdOf(bounded: Bounded): PicoUsd {
  return picoUsd(bounded.worstPicoUsd + feeAt(bounded, bounded.worstPicoUsd));
}

/** Never so much that hold and fee together are more than an attempt can cost. */
function feeAt({ fee, isRequestPartDue }: Bounded, costPicoUsd: PicoUsd): bigint {
  if (fee === null) return 0n;
  const amount = feeOn(fee.terms, costPicoUsd, isRequestPartDue);
  const most = maxAttemptPicoUsd - costPicoUsd;
  return amount < most ? amount : most;
}

function feeHold(bounded: Bounded): FeeHold | null {
  const { fee, worstPicoUsd, isRequestPartDue } = bounded;
  if (fee === null) return null;
  const { feeId, perRequestPicoUsd, shareOfCostPpm } = fee.terms;
  return {
    feeId,
    perRequestPicoUsd: isRequestPartDue ? perRequestPicoUsd : "0",
    shareOfCostPpm,
    heldPicoUsd: feeAt(bounded, worstPicoUsd).toString(),
  };
}

function needsOf(bounded: Bounded): QuotaNeed[] {
  const { hardBudgets, rateNeeds } = bounded;
  const amount = holdOf(bounded);
  const needs: QuotaNeed[] = hardBudgets.map((quota) => ({ quota, amount }));
  needs.push(...rateNeeds);
  return needs;
}

/** Lowers the output cap to what the attempt's ceiling affords. Planning has passed over what no cap would help. */
function withinCeiling(
  bounds: CallBounds,
  version: PriceVersion | null,
  { costCeilingPicoUsd }: AttemptToHold,
): CallBounds {
  if (costCeilingPicoUsd === undefined || version === null || bounds.outputTokensAtMost === 0) return bounds;
  const affordable = largestAffordableOutput(version, bounds, costCeilingPicoUsd);
  return affordable === null ? bounds : { ...bounds, outputTokensAtMost: affordable };
}

/** Lowers the output cap to what is left, where every budget that could refuse allows that; false if it does not help. */
function clamp(bounded: Bounded, { quota, why, remaining }: QuotaRefusal): boolean {
  const { version, bounds, call, fee, isRequestPartDue } = bounded;
  if (why !== "exhausted" || quota.unit !== "pico_usd" || quota.whenShort !== "clamp") return false;
  if (version === null || call.operation !== "chat") return false;
  const affordable = largestAffordableOutput(
    version,
    bounds,
    costWithinTotal(fee?.terms ?? null, picoUsd(remaining), isRequestPartDue),
  );
  if (affordable === null || affordable >= bounds.outputTokensAtMost) return false;
  const clamped = { ...bounds, outputTokensAtMost: affordable };
  const worst = worstCaseCost(version, clamped);
  if (worst === null) return false;
  bounded.bounds = clamped;
  bounded.worstPicoUsd = worst;
  return true;
}

/** What one call counts against a rate limit while it is under way. */
export function rateAmount(quota: MatchingQuotas["rates"][number], call: CallToAdmit): bigint {
  return quota.unit === "tokens" ? tokensToReserve(call, BigInt(quota.limit)) : 1n;
}

function atMostOneAttempt(worst: PicoUsd): PicoUsd {
  return worst < maxAttemptPicoUsd ? worst : maxAttemptPicoUsd;
}

function journalUnavailable(cause?: unknown): GatewayError {
  return new GatewayError("journal_unavailable", "The usage journal cannot be written.", {
    retryAfterSeconds: 5,
    ...(cause === undefined ? {} : { cause }),
  });
}
