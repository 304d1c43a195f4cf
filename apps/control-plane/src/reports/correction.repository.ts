import { Injectable } from "@nestjs/common";
import { correctionMeter } from "@switchyard/metering/meters";
import type { QuotaCharge } from "@switchyard/metering/usage-event";
import { timestampOfUuidV7 } from "@switchyard/secrets/random-id";
import { type Connection, Database } from "../database/database.ts";

/** An attempt as a correction needs it: where its spend was booked, and how much of it there is so far. */
export interface SettledAttempt {
  readonly attemptId: string;
  readonly startedAt: Date;
  readonly requestId: string;
  readonly organisationId: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  readonly user: string | null;
  readonly tags: string[];
  readonly routeId: string;
  readonly connectionId: string;
  readonly providerKind: string;
  readonly modelId: string;
  readonly quotas: QuotaCharge[];
  /** settle + overrun + correct: what the provider billed, without the gateway's fee. */
  readonly spend: string;
  readonly corrections: number;
}

export interface CorrectionEntry {
  readonly attempt: SettledAttempt;
  /** Signed: what the attempt truly cost, less what is booked. */
  readonly difference: bigint;
  readonly note: string;
}

const idToleranceMs = 3_600_000;

@Injectable()
export class CorrectionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }

  /** Finds the attempts and locks them in one order, so that two corrections of one attempt take turns. */
  async lockAttempts(connection: Connection, attemptIds: readonly string[]): Promise<SettledAttempt[]> {
    const times = attemptIds.flatMap((id) => madeAtMs(id) ?? []);
    if (times.length === 0) return [];
    const from = new Date(Math.min(...times) - idToleranceMs);
    const to = new Date(Math.max(...times) + idToleranceMs);
    const ids = [...attemptIds];
    await connection.$queryRaw`
      SELECT attempt_id FROM attempt_log
      WHERE attempt_id = ANY(${ids}::uuid[]) AND started_at BETWEEN ${from} AND ${to}
      ORDER BY attempt_id
      FOR UPDATE`;
    return connection.$queryRaw<SettledAttempt[]>`
      SELECT attempt.attempt_id AS "attemptId", attempt.started_at AS "startedAt", attempt.request_id AS "requestId",
        team.organisation_id AS "organisationId", booked.team_id AS "teamId", booked.project_id AS "projectId",
        booked.virtual_key_id AS "virtualKeyId", request.end_user AS "user", coalesce(request.tags, '{}') AS tags,
        attempt.route_id AS "routeId", attempt.connection_id AS "connectionId",
        attempt.provider_kind AS "providerKind", attempt.model_id AS "modelId", attempt.quotas,
        booked.spend::text AS spend, booked.corrections
      FROM attempt_log AS attempt
      JOIN LATERAL (
        SELECT min(team_id) AS team_id, min(project_id) AS project_id, min(virtual_key_id) AS virtual_key_id,
          coalesce(sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun', 'correct')), 0) AS spend,
          count(*) FILTER (WHERE kind = 'correct')::integer AS corrections
        FROM ledger_entry
        WHERE ledger_entry.started_at = attempt.started_at AND ledger_entry.attempt_id = attempt.attempt_id
      ) AS booked ON booked.team_id IS NOT NULL
      JOIN team ON team.id = booked.team_id
      LEFT JOIN LATERAL (
        SELECT end_user, tags FROM request_log
        WHERE request_log.request_id = attempt.request_id
          AND request_log.started_at BETWEEN attempt.started_at - interval '2 hours' AND attempt.started_at + interval '1 minute'
      ) AS request ON true
      WHERE attempt.attempt_id = ANY(${ids}::uuid[]) AND attempt.started_at BETWEEN ${from} AND ${to}`;
  }

  /** Appends to ledger, roll-ups and budgets what the entries add; nothing that was written before is changed. */
  async record(connection: Connection, entries: readonly CorrectionEntry[]): Promise<void> {
    await this.#appendToLedger(connection, entries);
    await this.#addToRollUps(connection, entries);
    await this.#bookOnBudgets(connection, entries);
  }

  async #appendToLedger(connection: Connection, entries: readonly CorrectionEntry[]): Promise<void> {
    await connection.ledgerEntry.createMany({
      data: entries.map(({ attempt, difference, note }) => ({
        attemptId: attempt.attemptId,
        startedAt: attempt.startedAt,
        kind: "correct",
        sequence: attempt.corrections + 1,
        amountPicoUsd: difference,
        requestId: attempt.requestId,
        teamId: attempt.teamId,
        projectId: attempt.projectId,
        virtualKeyId: attempt.virtualKeyId,
        connectionId: attempt.connectionId,
        modelId: attempt.modelId,
        note,
      })),
    });
  }

  // A correction knows an amount and no quantity, so it stands under its own meter, in the hour of the attempt.
  async #addToRollUps(connection: Connection, entries: readonly CorrectionEntry[]): Promise<void> {
    const rows = entries.map(({ attempt, difference }) => ({
      startedAt: attempt.startedAt.getTime(),
      organisationId: attempt.organisationId,
      teamId: attempt.teamId,
      projectId: attempt.projectId,
      virtualKeyId: attempt.virtualKeyId,
      user: attempt.user,
      tags: attempt.tags,
      routeId: attempt.routeId,
      connectionId: attempt.connectionId,
      providerKind: attempt.providerKind,
      modelId: attempt.modelId,
      meter: correctionMeter,
      quantity: 0,
      costPicoUsd: difference.toString(),
    }));
    await connection.$executeRaw`SELECT rollup_add_cost(${JSON.stringify(rows)}::jsonb)`;
  }

  /** Every budget that the attempt was charged to gets the difference, in the window it was charged in. */
  async #bookOnBudgets(connection: Connection, entries: readonly CorrectionEntry[]): Promise<void> {
    const differences = new Map<string, { quotaId: string; windowStartMs: number; difference: bigint }>();
    for (const { attempt, difference } of entries) {
      for (const { quotaId, windowStartMs } of attempt.quotas) {
        const key = `${quotaId} ${windowStartMs}`;
        const sum = differences.get(key)?.difference ?? 0n;
        differences.set(key, { quotaId, windowStartMs, difference: sum + difference });
      }
    }
    const rows = [...differences.values()].map((row) => ({ ...row, difference: row.difference.toString() }));
    if (rows.length === 0) return;
    const json = JSON.stringify(rows);
    // The order in which every writer locks windows; see the lease protocol.
    await connection.$queryRaw`
      SELECT quota_window.quota_id
      FROM quota_window
      JOIN jsonb_to_recordset(${json}::jsonb) AS correction("quotaId" text, "windowStartMs" bigint)
        ON quota_window.quota_id = correction."quotaId"
        AND quota_window.window_start = timestamptz 'epoch' + correction."windowStartMs" * interval '1 millisecond'
      ORDER BY quota_window.quota_id COLLATE "C", quota_window.window_start
      FOR UPDATE OF quota_window`;
    // What was billed beyond a window's ceiling is a fact and stands as overrun; what comes back leaves that first.
    const more = rows.filter(({ difference }) => !difference.startsWith("-"));
    const charges = more.map(({ quotaId, windowStartMs, difference }) => ({
      quotaId,
      windowStartMs,
      leaseId: null,
      charged: difference,
      overrun: "0",
    }));
    if (charges.length > 0) await connection.$executeRaw`SELECT quota_settle(${JSON.stringify(charges)}::jsonb)`;
    await connection.$executeRaw`
      UPDATE quota_window SET
        overrun = overrun - least(overrun, -correction.difference),
        settled = greatest(settled - (-correction.difference - least(overrun, -correction.difference)), 0)
      FROM jsonb_to_recordset(${json}::jsonb) AS correction("quotaId" text, "windowStartMs" bigint, difference numeric)
      WHERE quota_window.quota_id = correction."quotaId" AND correction.difference < 0
        AND quota_window.window_start = timestamptz 'epoch' + correction."windowStartMs" * interval '1 millisecond'`;
  }
}

function madeAtMs(id: string): number | null {
  try {
    return timestampOfUuidV7(id);
  } catch {
    return null;
  }
}
