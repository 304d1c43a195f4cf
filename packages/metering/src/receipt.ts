import { feeOfLines } from "./gateway-fee.ts";
import { parsePicoUsd, picoUsd, sumPicoUsd } from "./pico-usd.ts";
import type {
  AttemptRecord,
  AttemptRole,
  CacheResult,
  FailureClass,
  RecordedOperation,
  QuotaCharge,
  Reason,
  ReceiptLine,
  RequestRecord,
  UsageSource,
  Verdict,
} from "./usage-event.ts";

/** A later entry of the ledger: the signed difference between what was booked and what the provider billed. */
export interface ReceiptCorrection {
  readonly attemptId: string;
  readonly amountPicoUsd: string;
  readonly recordedAtMs: number;
}

/** One attempt of a receipt. Amounts are decimal strings of pico-USD; lines + adjustment = cost. */
export interface ReceiptAttempt {
  readonly attemptId: string;
  readonly attemptNumber: number;
  readonly role: AttemptRole;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly connectionId: string;
  readonly providerKind: string;
  readonly modelId: string;
  readonly providerModel: string;
  readonly priceVersionId: string | null;
  readonly closing: "settle" | "void";
  readonly verdict: Verdict;
  readonly failureClass: FailureClass | null;
  readonly usageSource: UsageSource;
  readonly lines: readonly ReceiptLine[];
  /** The part of the cost that no line explains: an attempt of unknown usage is settled at its hold. */
  readonly adjustmentPicoUsd: string;
  readonly costPicoUsd: string;
  /** The part of the cost that no provider billed. */
  readonly feePicoUsd: string;
  /** What was corrected since; cost + corrected is what is billed. */
  readonly correctedPicoUsd: string;
  /** What such a call usually costs, as estimated when it was admitted; null where that is not known. */
  readonly expectedPicoUsd: string | null;
  /** What the provider's prompt cache took off; null where no line of the receipt tells the price without it. */
  readonly providerCacheSavedPicoUsd: string | null;
  readonly heldPicoUsd: string;
  /** What came back of the hold. */
  readonly releasedPicoUsd: string;
  /** What the provider billed beyond the hold. */
  readonly overrunPicoUsd: string;
  readonly budgetsCharged: readonly QuotaCharge[];
}

/** The itemised record of one request, as a client and finance read it. */
export interface Receipt {
  readonly requestId: string;
  readonly operation: RecordedOperation;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly status: number;
  readonly errorCode: string | null;
  readonly verdict: Verdict | null;
  readonly cache: CacheResult;
  readonly requestedModel: string;
  readonly routeId: string | null;
  readonly routeName: string | null;
  readonly policyRevision: number;
  readonly because: readonly Reason[];
  readonly warnings: readonly string[];
  readonly currency: "USD";
  /** What all attempts add up to. */
  readonly costPicoUsd: string;
  /** The part of it that is the gateway's own fee; the rest is what providers bill. */
  readonly feePicoUsd: string;
  /** The same by why an attempt was made: what retries, fallbacks and hedges cost beside the first try. */
  readonly costByRolePicoUsd: Readonly<Record<AttemptRole, string>>;
  readonly correctedPicoUsd: string;
  /** Cost and corrections: what the ledger bills. */
  readonly billedPicoUsd: string;
  /** What a remembered answer cost when it was first given; zero where it was not remembered. */
  readonly responseCacheSavedPicoUsd: string;
  readonly attempts: readonly ReceiptAttempt[];
}

/** Whether an attempt was made for the answer. A copy for a shadow is not: it may end long after the request. */
export function isForAnswer({ role }: Pick<AttemptRecord, "role">): boolean {
  return role !== "shadow";
}

/**
 * Itemises a request by its attempts, in the order they were made; the request's cost is the sum of those that were made for
 * its answer, the receipt's of all. Throws RangeError if
 * an attempt belongs to another request, occurs twice or is missing, or if an amount does not tie.
 */
export function buildReceipt(
  request: RequestRecord,
  attempts: readonly AttemptRecord[],
  corrections: readonly ReceiptCorrection[] = [],
): Receipt {
  const inOrder = attempts.toSorted((left, right) => left.attemptNumber - right.attemptNumber);
  const attemptIds = new Set(inOrder.map((attempt) => attempt.attemptId));
  const answering = inOrder.filter(isForAnswer);
  if (inOrder.some((attempt) => attempt.requestId !== request.requestId)) {
    throw new RangeError("an attempt of another request");
  }
  if (attemptIds.size !== inOrder.length || answering.length !== request.attempts) {
    throw new RangeError("not the attempts that the request made");
  }
  const itemised = inOrder.map((attempt) => itemiseAttempt(attempt, corrections));
  const cost = sumPicoUsd(itemised.map((attempt) => parsePicoUsd(attempt.costPicoUsd)));
  const corrected = sumPicoUsd(corrections.map(({ amountPicoUsd }) => parsePicoUsd(amountPicoUsd)));
  if (corrections.some(({ attemptId }) => !attemptIds.has(attemptId))) {
    throw new RangeError("a correction of another request");
  }
  const ofAnswer = sumPicoUsd(answering.map(({ costPicoUsd }) => parsePicoUsd(costPicoUsd)));
  if (ofAnswer !== parsePicoUsd(request.costPicoUsd)) throw new RangeError("the attempts do not add up to the request");
  return {
    requestId: request.requestId,
    operation: request.operation,
    startedAtMs: request.startedAtMs,
    endedAtMs: request.endedAtMs,
    status: request.status,
    errorCode: request.errorCode,
    verdict: request.verdict,
    cache: request.cache,
    requestedModel: request.requestedModel,
    routeId: request.routeId,
    routeName: request.routeName,
    policyRevision: request.policyRevision,
    because: request.because,
    warnings: request.warnings,
    currency: "USD",
    costPicoUsd: cost.toString(),
    feePicoUsd: sumPicoUsd(itemised.map((attempt) => parsePicoUsd(attempt.feePicoUsd))).toString(),
    costByRolePicoUsd: {
      first: costOfRole(itemised, "first"),
      retry: costOfRole(itemised, "retry"),
      fallback: costOfRole(itemised, "fallback"),
      hedge: costOfRole(itemised, "hedge"),
      escalation: costOfRole(itemised, "escalation"),
      shadow: costOfRole(itemised, "shadow"),
    },
    correctedPicoUsd: corrected.toString(),
    billedPicoUsd: (cost + corrected).toString(),
    responseCacheSavedPicoUsd: request.savedPicoUsd ?? "0",
    attempts: itemised,
  };
}

function costOfRole(attempts: readonly ReceiptAttempt[], role: AttemptRole): string {
  const costs = attempts.filter((attempt) => attempt.role === role);
  return sumPicoUsd(costs.map(({ costPicoUsd }) => parsePicoUsd(costPicoUsd))).toString();
}

/** One attempt as a receipt shows it. Throws RangeError if its lines add up to more than its cost. */
function itemiseAttempt(attempt: AttemptRecord, corrections: readonly ReceiptCorrection[]): ReceiptAttempt {
  const cost = parsePicoUsd(attempt.costPicoUsd);
  const held = parsePicoUsd(attempt.holdPicoUsd);
  const explained = sumPicoUsd(attempt.lines.map((line) => parsePicoUsd(line.amountPicoUsd)));
  const adjustment = picoUsd(cost - explained);
  if (adjustment < 0n || cost < 0n || held < 0n) throw new RangeError("the lines do not add up to the attempt");
  const settled = cost < held ? cost : held;
  const own = corrections.filter(({ attemptId }) => attemptId === attempt.attemptId);
  return {
    attemptId: attempt.attemptId,
    attemptNumber: attempt.attemptNumber,
    role: attempt.role,
    startedAtMs: attempt.startedAtMs,
    endedAtMs: attempt.endedAtMs,
    connectionId: attempt.connectionId,
    providerKind: attempt.providerKind,
    modelId: attempt.modelId,
    providerModel: attempt.providerModel,
    priceVersionId: attempt.priceVersionId,
    closing: attempt.closing,
    verdict: attempt.verdict,
    failureClass: attempt.failureClass,
    usageSource: attempt.usageSource,
    lines: attempt.lines,
    adjustmentPicoUsd: adjustment.toString(),
    costPicoUsd: cost.toString(),
    feePicoUsd: feeOfLines(attempt.lines).toString(),
    correctedPicoUsd: sumPicoUsd(own.map(({ amountPicoUsd }) => parsePicoUsd(amountPicoUsd))).toString(),
    expectedPicoUsd: attempt.expectedPicoUsd ?? null,
    providerCacheSavedPicoUsd: providerCacheSaved(attempt.lines)?.toString() ?? null,
    heldPicoUsd: held.toString(),
    releasedPicoUsd: (held - settled).toString(),
    overrunPicoUsd: (cost - settled).toString(),
    budgetsCharged: attempt.quotas,
  };
}

/** Cached tokens at the price of the fresh ones beside them, less what they cost. */
function providerCacheSaved(lines: readonly ReceiptLine[]): bigint | null {
  const cached = lines.find(({ meter }) => meter === "cached_input");
  if (cached === undefined) return 0n;
  const fresh = lines.find(({ meter }) => meter === "input");
  if (fresh === undefined) return null;
  const saved = BigInt(cached.quantity) * BigInt(fresh.unitPricePicoUsd) - BigInt(cached.amountPicoUsd);
  return saved > 0n ? saved : 0n;
}
