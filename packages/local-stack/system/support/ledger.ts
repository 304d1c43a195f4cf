/** Reads the ledger straight from the database and compares it with what the simulator billed. */
import pg from "pg";
import { expect, vi } from "vitest";
import type { SimulatorApi, SimulatorEntry } from "../../src/audit/simulator-api.ts";

export interface LedgerAttempt {
  readonly attemptId: string;
  readonly holds: number;
  readonly closings: number;
  readonly spendPicoUsd: bigint;
  readonly usageSource: string | null;
}

export class LedgerReader {
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.#pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    // A test that kills the database must not die of its own idle connections.
    this.#pool.on("error", () => undefined);
  }

  async attemptsOf(modelId: string): Promise<LedgerAttempt[]> {
    const { rows } = await this.#pool.query(
      `SELECT attempt_id,
         count(*) FILTER (WHERE kind = 'hold')::int AS holds,
         count(*) FILTER (WHERE kind IN ('settle', 'void'))::int AS closings,
         coalesce(sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun', 'fee', 'correct')), 0)::text AS spend,
         max(usage_source) FILTER (WHERE kind IN ('settle', 'void')) AS usage_source
       FROM ledger_entry WHERE model_id = $1 GROUP BY attempt_id`,
      [modelId],
    );
    return rows.map((row) => ({
      attemptId: row.attempt_id,
      holds: row.holds,
      closings: row.closings,
      spendPicoUsd: BigInt(row.spend),
      usageSource: row.usage_source,
    }));
  }

  async requestCount(teamId: string, status?: number): Promise<number> {
    const { rows } = await this.#pool.query(
      "SELECT count(*)::int AS requests FROM request_log WHERE team_id = $1 AND ($2::int IS NULL OR status = $2)",
      [teamId, status ?? null],
    );
    return rows[0].requests;
  }

  /** How many gateway processes served a team. */
  async gatewayCount(teamId: string): Promise<number> {
    const { rows } = await this.#pool.query(
      "SELECT count(DISTINCT gateway_id)::int AS gateways FROM request_log WHERE team_id = $1",
      [teamId],
    );
    return rows[0].gateways;
  }

  /** The request of every recorded call of a team; one id twice is a call that was recorded twice. */
  async requestIds(teamId: string): Promise<string[]> {
    const { rows } = await this.#pool.query("SELECT request_id FROM request_log WHERE team_id = $1", [teamId]);
    return rows.map((row) => row.request_id);
  }

  /** Waits until every attempt the simulator saw has its closing entry, then returns the ledger's attempts. */
  async settledAttempts(
    modelId: string,
    simulator: SimulatorApi,
    model: string,
    timeoutMs = 90_000,
  ): Promise<LedgerAttempt[]> {
    return await vi.waitFor(
      async () => {
        const entries = await simulator.entries(model);
        const attempts = await this.attemptsOf(modelId);
        const known = new Set(attempts.map(({ attemptId }) => attemptId));
        const missing = entries.filter(({ attemptId }) => attemptId === null || !known.has(attemptId));
        const open = entries.filter(({ outcome }) => outcome === "open");
        if (missing.length > 0)
          throw new Error(`${missing.length} of ${entries.length} attempts are not in the ledger`);
        if (open.length > 0) throw new Error(`${open.length} calls are still open at the provider`);
        return attempts;
      },
      { timeout: timeoutMs, interval: 250 },
    );
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** Every attempt has exactly one hold and one closing entry (invariant 1 of the design). */
export function expectEachClosedOnce(attempts: readonly LedgerAttempt[]): void {
  expect(attempts.filter(({ holds, closings }) => holds !== 1 || closings !== 1)).toEqual([]);
}

/** What the simulator billed for, by attempt, priced by the caller. */
export function billedByAttempt(
  entries: readonly SimulatorEntry[],
  priceOf: (entry: SimulatorEntry) => bigint,
): Map<string, bigint> {
  const billed = new Map<string, bigint>();
  for (const entry of entries) {
    const attemptId = entry.attemptId ?? "none";
    billed.set(attemptId, (billed.get(attemptId) ?? 0n) + (entry.billed ? priceOf(entry) : 0n));
  }
  return billed;
}

export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
