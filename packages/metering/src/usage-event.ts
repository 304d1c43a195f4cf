/**
 * What a gateway records and the worker ingests: the journal's payload and the queue's payload are the same shapes,
 * so that nothing is translated between the call and the ledger. Amounts are decimal strings of pico-USD.
 * Payloads are versioned; the worker must go on reading every version that a journal may still hold.
 */
import type { feeMeter, Usage } from "./meters.ts";

export const usageEventVersion = 1;

/** What a model can be asked to do; `chat` stands for every protocol that generates answers. */
export const operations = [
  "chat",
  "embeddings",
  "images",
  "transcriptions",
  "speech",
  "moderations",
  "rerank",
] as const;

export type Operation = (typeof operations)[number];
export type AttemptRole = "first" | "retry" | "fallback" | "hedge" | "escalation" | "shadow";
/** What a call is recorded as: `passthrough` is one of which nobody here knows what it asked for. */
export type RecordedOperation = Operation | "passthrough";
export type Verdict = "complete" | "truncated" | "errored" | "filtered" | "refused" | "invalid" | "cancelled";
export type UsageSource = "provider_final" | "provider_partial" | "estimate" | "upper_bound" | "none";
export type CacheResult = "hit" | "miss" | "bypass";
/** Why an attempt failed, in the closed set that policy decides on. */
export type FailureClass =
  | "connect"
  | "timeout"
  | "rate_limited"
  | "overloaded"
  | "server_error"
  | "credential_rejected"
  | "credit_exhausted"
  | "model_not_found"
  | "context_length_exceeded"
  | "content_filtered"
  | "invalid_request"
  | "malformed_response"
  | "truncated"
  /** It came whole, and is not what was asked for or not good enough for the route. */
  | "invalid_answer"
  /** Longer than the route holds back to judge. */
  | "answer_too_long"
  | "client_cancelled"
  | "process_lost";

/** Who pays and who asked; the same fields on holds, attempts and requests. */
export interface Attribution {
  readonly organisationId: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  readonly user: string | null;
  readonly session: string | null;
  /** `name=value` pairs from `x-switchyard-tags`, sorted, bounded. */
  readonly tags: readonly string[];
}

/** A slice of one money quota that an attempt holds; `leaseId` is null on soft budgets, which lease nothing. */
export interface QuotaHold {
  readonly quotaId: string;
  /** Start of the window as PostgreSQL computed it (epoch ms); 0 for budgets without a period. */
  readonly windowStartMs: number;
  readonly leaseId: string | null;
  readonly heldPicoUsd: string;
}

export interface QuotaCharge extends QuotaHold {
  /** At most the hold. */
  readonly chargedPicoUsd: string;
  /** What the provider billed beyond the hold; zero on bounded routes. */
  readonly overrunPicoUsd: string;
}

export interface ReceiptLine {
  readonly meter: keyof Usage | typeof feeMeter;
  readonly quantity: number;
  readonly unitPricePicoUsd: string;
  readonly amountPicoUsd: string;
}

/** The gateway's fee as it was held with an attempt: its terms, and the most that it can come to. */
export interface FeeHold {
  readonly feeId: string;
  /** Zero where another attempt of the request had been charged with it already. */
  readonly perRequestPicoUsd: string;
  readonly shareOfCostPpm: number;
  readonly heldPicoUsd: string;
}

/** Written durably before the attempt is dispatched; enough to settle it if this process dies. */
export interface HoldRecord {
  readonly type: "hold";
  readonly version: typeof usageEventVersion;
  readonly attemptId: string;
  readonly requestId: string;
  readonly attemptNumber: number;
  readonly role: AttemptRole;
  readonly operation: RecordedOperation;
  readonly startedAtMs: number;
  readonly gatewayId: string;
  readonly attribution: Attribution;
  readonly routeId: string;
  readonly routeName: string;
  readonly connectionId: string;
  readonly providerKind: string;
  readonly modelId: string;
  readonly providerModel: string;
  readonly policyRevision: number;
  readonly priceVersionId: string | null;
  /** With the fee. */
  readonly holdPicoUsd: string;
  /** Absent where no fee applies, and in records of earlier versions. */
  readonly fee?: FeeHold;
  /** What such a call usually costs; null where the model has no price, absent in records of earlier versions. */
  readonly expectedPicoUsd?: string | null;
  /** The kind of task; null where it could not be told, absent where nobody asked (and in records of earlier versions). */
  readonly taskClass?: string | null;
  readonly quotas: readonly QuotaHold[];
}

/** The end of one attempt: its hold and its one closing entry. Idempotent by `attemptId`. */
export interface AttemptRecord extends Omit<HoldRecord, "type" | "quotas"> {
  readonly type: "attempt";
  readonly endedAtMs: number;
  readonly closing: "settle" | "void";
  readonly verdict: Verdict;
  readonly failureClass: FailureClass | null;
  readonly upstreamStatus: number | null;
  /** With the fee, which is a line of its own. */
  readonly costPicoUsd: string;
  readonly usage: Usage;
  readonly usageSource: UsageSource;
  readonly lines: readonly ReceiptLine[];
  readonly quotas: readonly QuotaCharge[];
  readonly timeToFirstTokenMs: number | null;
}

/** The budget or limit that refused a call, as the process knew it at that moment. Amounts in the quota's unit. */
export interface RefusingQuota {
  readonly quotaId: string;
  readonly unit: "pico_usd" | "requests" | "tokens" | "concurrent_requests";
  readonly why: "exhausted" | "unavailable";
  readonly limit: string;
  readonly remaining: string;
  /** What the call needed of it. */
  readonly needed: string;
  /** When its window ends (epoch ms); null where it has no end. */
  readonly resetsAtMs: number | null;
}

/** One reason of a decision, as an admin reads it. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  /** For admins alone: it tells what others used. */
  readonly quota?: RefusingQuota;
}

/** What a classifier made of a prompt; null is what it could not tell. */
export interface TaskRecord {
  readonly taskClass: string | null;
  /** From 0 to 1. */
  readonly complexity: number | null;
}

/** The end of one client call. Idempotent by `requestId`. Calls refused before dispatch have one too. */
export interface RequestRecord {
  readonly type: "request";
  readonly version: typeof usageEventVersion;
  readonly requestId: string;
  readonly operation: RecordedOperation;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly gatewayId: string;
  readonly attribution: Attribution;
  readonly routeId: string | null;
  readonly routeName: string | null;
  readonly requestedModel: string;
  readonly connectionId: string | null;
  readonly providerKind: string | null;
  readonly modelId: string | null;
  readonly providerModel: string | null;
  readonly policyRevision: number;
  readonly stream: boolean;
  readonly status: number;
  readonly errorCode: string | null;
  readonly verdict: Verdict | null;
  readonly cache: CacheResult;
  readonly attempts: number;
  readonly costPicoUsd: string;
  /** What a remembered answer cost when it was first given; absent where none was, and in records of earlier versions. */
  readonly savedPicoUsd?: string;
  /** What the prompt was taken for; absent where no strategy of the route goes by it, and in records of earlier versions. */
  readonly task?: TaskRecord;
  /** Attempts at higher tiers of a cascade; absent where there were none. */
  readonly escalations?: number;
  readonly timeToFirstTokenMs: number | null;
  readonly durationMs: number;
  readonly gatewayOverheadMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly warnings: readonly string[];
  readonly because: readonly Reason[];
}

/** What an application says of an answer that it got. The last one of a project on a call wins. */
export interface FeedbackRecord {
  readonly type: "feedback";
  readonly version: typeof usageEventVersion;
  readonly requestId: string;
  /** When the call was made, by its id. */
  readonly madeAtMs: number;
  readonly givenAtMs: number;
  readonly projectId: string;
  readonly virtualKeyId: string;
  /** From -1000 to 1000: a score of -1 to 1 in thousandths, so that sums are exact. */
  readonly scorePermille: number;
  readonly value: string | null;
  readonly tags: readonly string[];
  readonly comment: string | null;
}

export type UsageEvent = AttemptRecord | RequestRecord | FeedbackRecord;
export type JournalRecord = HoldRecord | UsageEvent;

/** What one queue job carries: a run of events of one journal, named so that ingestion is idempotent. */
export interface UsageBatch {
  readonly batchId: string;
  readonly gatewayId: string;
  readonly events: readonly UsageEvent[];
}
