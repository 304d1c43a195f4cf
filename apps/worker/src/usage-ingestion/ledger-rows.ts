import { feeOfLines } from "@switchyard/metering/gateway-fee";
import { adjustmentMeter } from "@switchyard/metering/meters";
import type { AttemptRecord } from "@switchyard/metering/usage-event";

export interface LedgerRow {
  readonly attemptId: string;
  readonly startedAt: number;
  readonly kind: "hold" | "settle" | "void" | "overrun" | "fee";
  readonly amountPicoUsd: string;
  readonly usageSource: string | null;
  readonly requestId: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  readonly connectionId: string;
  readonly modelId: string;
}

export interface CostRollupRow {
  readonly startedAt: number;
  readonly organisationId: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  readonly user: string | null;
  readonly tags: readonly string[];
  readonly routeId: string;
  readonly connectionId: string;
  readonly providerKind: string;
  readonly modelId: string;
  readonly meter: string;
  readonly quantity: number;
  readonly costPicoUsd: string;
}

export interface QuotaChargeRow {
  readonly quotaId: string;
  readonly windowStartMs: number;
  readonly leaseId: string | null;
  readonly charged: string;
  readonly overrun: string;
}

/**
 * The ledger entries of one attempt: its hold and its one closing entry, an overrun where the provider billed more than
 * was held for it, and the gateway's fee where there is one. The provider's bill is settle + overrun (+ correct); spend is
 * that and the fee.
 */
export function ledgerRowsOf(attempt: AttemptRecord): LedgerRow[] {
  const held = BigInt(attempt.holdPicoUsd);
  const fee = feeOfLines(attempt.lines);
  const cost = BigInt(attempt.costPicoUsd) - fee;
  const heldForProvider = held - BigInt(attempt.fee?.heldPicoUsd ?? "0");
  const settled = cost < heldForProvider ? cost : heldForProvider;
  const { teamId, projectId, virtualKeyId } = attempt.attribution;
  const row = (kind: LedgerRow["kind"], amount: bigint, usageSource: string | null): LedgerRow => ({
    attemptId: attempt.attemptId,
    startedAt: attempt.startedAtMs,
    kind,
    amountPicoUsd: amount.toString(),
    usageSource,
    requestId: attempt.requestId,
    teamId,
    projectId,
    virtualKeyId,
    connectionId: attempt.connectionId,
    modelId: attempt.modelId,
  });
  const rows = [row("hold", held, null)];
  if (attempt.closing === "void") return [...rows, row("void", held, attempt.usageSource)];
  rows.push(row("settle", settled, attempt.usageSource));
  if (cost > settled) rows.push(row("overrun", cost - settled, attempt.usageSource));
  if (fee > 0n) rows.push(row("fee", fee, null));
  return rows;
}

/** The attempt's spend by meter; what no line explains goes under the adjustment meter, so that sums tie. */
export function costRollupRowsOf(attempt: AttemptRecord): CostRollupRow[] {
  const { organisationId, teamId, projectId, virtualKeyId, user, tags } = attempt.attribution;
  const row = (meter: string, quantity: number, costPicoUsd: string): CostRollupRow => ({
    startedAt: attempt.startedAtMs,
    organisationId,
    teamId,
    projectId,
    virtualKeyId,
    user,
    tags,
    routeId: attempt.routeId,
    connectionId: attempt.connectionId,
    providerKind: attempt.providerKind,
    modelId: attempt.modelId,
    meter,
    quantity,
    costPicoUsd,
  });
  if (attempt.closing === "void") return [];
  const rows = attempt.lines.map((line) => row(line.meter, line.quantity, line.amountPicoUsd));
  const explained = attempt.lines.reduce((sum, line) => sum + BigInt(line.amountPicoUsd), 0n);
  const unexplained = BigInt(attempt.costPicoUsd) - explained;
  if (unexplained !== 0n) rows.push(row(adjustmentMeter, 0, unexplained.toString()));
  return rows;
}

/** All charges of a batch, summed per quota window and lease. */
export function quotaChargesOf(attempts: readonly AttemptRecord[]): QuotaChargeRow[] {
  const sums = new Map<string, { row: QuotaChargeRow; charged: bigint; overrun: bigint }>();
  for (const charge of attempts.flatMap((attempt) => attempt.quotas)) {
    const key = `${charge.quotaId} ${charge.windowStartMs} ${charge.leaseId ?? ""}`;
    const sum = sums.get(key) ?? {
      row: {
        quotaId: charge.quotaId,
        windowStartMs: charge.windowStartMs,
        leaseId: charge.leaseId,
        charged: "0",
        overrun: "0",
      },
      charged: 0n,
      overrun: 0n,
    };
    sum.charged += BigInt(charge.chargedPicoUsd);
    sum.overrun += BigInt(charge.overrunPicoUsd);
    sums.set(key, sum);
  }
  return [...sums.values()].map(({ row, charged, overrun }) => ({
    ...row,
    charged: charged.toString(),
    overrun: overrun.toString(),
  }));
}
