/** The least of what a worker does with usage: books each attempt once and says which batches it has. */
import { settleQuotas, type QuotaSettlement } from "@switchyard/database/lease-protocol";
import type { AttemptRecord, UsageBatch, UsageEvent } from "@switchyard/metering/usage-event";
import { createPostgresBackend, Worker } from "bullmq";
import pg from "pg";

export class TestIngester {
  /** What is in the ledger, by kind and id. */
  readonly events = new Map<string, UsageEvent>();
  readonly #pool: pg.Pool;
  readonly #worker: { close(force: boolean): Promise<void> };

  constructor(ownerUrl: string) {
    this.#pool = new pg.Pool({ connectionString: ownerUrl, max: 2 });
    this.#pool.on("error", () => undefined);
    const worker = new Worker(
      "usage",
      (job: { data: UsageBatch }) => this.#ingest(job.data),
      { connection: { connectionString: ownerUrl, max: 3 }, concurrency: 2 },
      createPostgresBackend,
    );
    worker.on("error", () => undefined);
    this.#worker = worker;
  }

  get attempts(): AttemptRecord[] {
    return [...this.events.values()].filter((event) => event.type === "attempt");
  }

  async stop(): Promise<void> {
    await this.#worker.close(true);
    await this.#pool.end();
  }

  async #ingest({ batchId, gatewayId, events }: UsageBatch): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query("BEGIN");
      const { rowCount } = await client.query(
        "INSERT INTO journal_batch (batch_id, gateway_id, events) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [batchId, gatewayId, events.length],
      );
      const news = rowCount === 0 ? [] : events.filter((event) => !this.events.has(nameOf(event)));
      const settlements = settlementsOf(news);
      if (settlements.length > 0) await settleQuotas(client, settlements);
      await client.query("COMMIT");
      // Also of a batch that was booked already, by a commit whose answer got lost.
      for (const event of rowCount === 0 ? events : news) this.events.set(nameOf(event), event);
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}

function nameOf(event: UsageEvent): string {
  return event.type === "attempt" ? `attempt ${event.attemptId}` : `${event.type} ${event.requestId}`;
}

function settlementsOf(events: readonly UsageEvent[]): QuotaSettlement[] {
  const byLease = new Map<
    string,
    { charged: bigint; overrun: bigint; quotaId: string; windowStartMs: number; leaseId: string | null }
  >();
  for (const event of events) {
    if (event.type !== "attempt") continue;
    for (const { quotaId, windowStartMs, leaseId, chargedPicoUsd, overrunPicoUsd } of event.quotas) {
      const key = `${quotaId} ${windowStartMs} ${leaseId}`;
      const sum = byLease.get(key) ?? { charged: 0n, overrun: 0n, quotaId, windowStartMs, leaseId };
      sum.charged += BigInt(chargedPicoUsd);
      sum.overrun += BigInt(overrunPicoUsd);
      byLease.set(key, sum);
    }
  }
  return [...byLease.values()].map((sum) => ({
    ...sum,
    charged: sum.charged.toString(),
    overrun: sum.overrun.toString(),
  }));
}
