/**
 * The lease protocol from TypeScript: one function per SQL function of the migration `quota_leases`, where each is
 * described. Amounts are decimal strings in the quota's unit. The first five are for gateways, the last two need the
 * owner's role. Anything with a `query` method will do; pass the client of a transaction where one is asked for.
 */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Who asks: `bootId` changes with every start of the process, `gatewayId` does not. */
export interface GatewayIdentity {
  readonly gatewayId: string;
  readonly bootId: string;
}

export interface Heartbeat extends GatewayIdentity {
  readonly region: string | null;
  readonly startedAtMs: number;
  readonly policyRevision: number | null;
  readonly policyProblem: object | null;
}

export interface LeaseAsk {
  readonly quotaId: string;
  /** The least that is of use, at least 1. */
  readonly minimum: string;
  readonly wanted: string;
  /** The number of the recall that this ask waits for; null on the first ask. */
  readonly recall: number | null;
  /** `next` leases in the window after the current one. */
  readonly at: "now" | "next";
  /** For a counter of one member of a quota: the quota and the member, so that the first ask can make it. */
  readonly memberOf?: string;
  readonly member?: string;
}

export type LeaseStatus = "granted" | "recalling" | "exhausted" | "unknown_quota";

export interface LeaseAnswer {
  readonly askIndex: number;
  readonly quotaId: string;
  readonly status: LeaseStatus;
  /** Set when granted. */
  readonly leaseId: string | null;
  readonly granted: string;
  /** 0 for quotas without a period; null with `unknown_quota`, like the four below. */
  readonly windowStartMs: number | null;
  readonly windowEndMs: number | null;
  readonly limit: string | null;
  readonly remainingAfter: string | null;
  readonly recallNumber: number | null;
  readonly databaseNowMs: number;
}

/** All that was granted to one lease of the asking boot. */
export interface LeaseTotal {
  readonly leaseId: string;
  readonly quotaId: string;
  readonly windowStartMs: number;
  readonly windowEndMs: number | null;
  readonly grantedTotal: string;
  readonly databaseNowMs: number;
}

export interface LeaseReturn {
  readonly leaseId: string;
  readonly amount: string;
  readonly recallAnswered: number | null;
  /** A UUID of this return, kept while it is repeated. */
  readonly returnId: string | null;
  /** The process forgets the lease: `granted_total` begins anew. */
  readonly forgets?: boolean;
}

export interface LeaseReturnAnswer {
  readonly leaseId: string;
  readonly returned: string;
  readonly repeated: boolean;
}

export interface ReleasedLease {
  readonly leaseId: string;
  readonly quotaId: string;
  readonly windowStartMs: number;
  readonly released: string;
}

/** What the attempts of one batch cost one lease; `overrun` is what was billed beyond their holds. */
export interface QuotaSettlement {
  readonly quotaId: string;
  readonly windowStartMs: number;
  readonly leaseId: string | null;
  readonly charged: string;
  readonly overrun: string;
}

export interface QuotaSettlementAnswer {
  readonly quotaId: string;
  readonly windowStartMs: number;
  readonly leaseId: string | null;
  readonly status: "settled" | "short" | "unknown_lease" | "unknown_quota";
  readonly settled: string;
  readonly overrun: string;
}

export interface ExpiredLeases {
  readonly lostLeases: number;
  readonly freedLeases: number;
  readonly closedLeases: number;
  readonly deletedWindows: number;
}

/** The channel on which `recalling` asks other gateways to give back. */
export const quotaRecallChannel = "switchyard_quota_recall";

/** The payload of `quotaRecallChannel`. */
export interface QuotaRecall {
  readonly quotaId: string;
  readonly windowStartMs: number;
  readonly recall: number;
}

/** Reports that the process lives, and learns how many do. */
export async function sendHeartbeat(
  database: Queryable,
  heartbeat: Heartbeat,
): Promise<{ readonly databaseNowMs: number; readonly liveGateways: number }> {
  const { rows } = await database.query(
    `SELECT ${epochMs("database_now")} AS "databaseNowMs", live_gateways AS "liveGateways"
     FROM gateway_heartbeat($1, $2, $3, timestamptz 'epoch' + $4::bigint * interval '1 millisecond', $5, $6)`,
    [
      heartbeat.gatewayId,
      heartbeat.bootId,
      heartbeat.region,
      heartbeat.startedAtMs,
      heartbeat.policyRevision,
      heartbeat.policyProblem === null ? null : JSON.stringify(heartbeat.policyProblem),
    ],
  );
  return rows[0] as { databaseNowMs: number; liveGateways: number };
}

/** Asks for leases of several quotas at once; one answer per ask, in no promised order (see `askIndex`). */
export async function takeLeases(
  database: Queryable,
  gateway: GatewayIdentity,
  asks: readonly LeaseAsk[],
): Promise<LeaseAnswer[]> {
  const { rows } = await database.query(
    `SELECT ask_index AS "askIndex", quota_id AS "quotaId", status, lease_id AS "leaseId", granted::text,
       ${epochMs("window_start")} AS "windowStartMs", ${epochMs("window_end")} AS "windowEndMs",
       limit_amount::text AS "limit", remaining_after::text AS "remainingAfter", recall_number AS "recallNumber",
       ${epochMs("database_now")} AS "databaseNowMs"
     FROM quota_take($1, $2, $3)`,
    [gateway.gatewayId, gateway.bootId, JSON.stringify(asks)],
  );
  return rows as LeaseAnswer[];
}

/** What was granted to this boot, also by answers that it did not get; windows that are over are left out. */
export async function grantedLeases(database: Queryable, gateway: GatewayIdentity): Promise<LeaseTotal[]> {
  const { rows } = await database.query(
    `SELECT lease_id AS "leaseId", quota_id AS "quotaId", ${epochMs("window_start")} AS "windowStartMs",
       ${epochMs("window_end")} AS "windowEndMs", granted_total::text AS "grantedTotal",
       ${epochMs("database_now")} AS "databaseNowMs"
     FROM quota_granted($1, $2)`,
    [gateway.gatewayId, gateway.bootId],
  );
  return rows as LeaseTotal[];
}

/** Gives unspent amounts of own leases back and answers recalls. */
export async function returnLeases(
  database: Queryable,
  gateway: GatewayIdentity,
  returns: readonly LeaseReturn[],
): Promise<LeaseReturnAnswer[]> {
  const { rows } = await database.query(
    `SELECT lease_id AS "leaseId", returned::text, repeated FROM quota_return($1, $2, $3)`,
    [gateway.gatewayId, gateway.bootId, JSON.stringify(returns)],
  );
  return rows as LeaseReturnAnswer[];
}

/** Closes the leases of an earlier boot of this gateway; only after all of its journal is in the ledger. */
export async function releaseEarlierBoot(
  database: Queryable,
  gatewayId: string,
  earlierBootId: string,
): Promise<ReleasedLease[]> {
  const { rows } = await database.query(
    `SELECT lease_id AS "leaseId", quota_id AS "quotaId", ${epochMs("window_start")} AS "windowStartMs", released::text
     FROM quota_release_boot($1, $2)`,
    [gatewayId, earlierBootId],
  );
  return rows as ReleasedLease[];
}

/** Books charges; once per transaction, as its last statement. Pass the client that runs the transaction. */
export async function settleQuotas(
  transaction: Queryable,
  settlements: readonly QuotaSettlement[],
): Promise<QuotaSettlementAnswer[]> {
  const { rows } = await transaction.query(
    `SELECT quota_id AS "quotaId", ${epochMs("window_start")} AS "windowStartMs", lease_id AS "leaseId", status,
       settled::text, overrun::text
     FROM quota_settle($1)`,
    [JSON.stringify(settlements)],
  );
  return rows as QuotaSettlementAnswer[];
}

/** Sets aside the leases of processes without a heartbeat for `staleAfterMs`; does nothing soon after a server start. */
export async function expireLeases(database: Queryable, staleAfterMs: number): Promise<ExpiredLeases> {
  const { rows } = await database.query(
    `SELECT lost_leases AS "lostLeases", freed_leases AS "freedLeases", closed_leases AS "closedLeases",
       deleted_windows AS "deletedWindows"
     FROM quota_expire_leases($1::bigint * interval '1 millisecond')`,
    [staleAfterMs],
  );
  return rows[0] as ExpiredLeases;
}

/** Windows begin on whole seconds and the rest is shown to people, so a double holds every value. */
function epochMs(column: string): string {
  return `floor(extract(epoch FROM ${column}) * 1000)::double precision`;
}
