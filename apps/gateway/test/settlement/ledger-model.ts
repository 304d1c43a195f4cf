/** A queue and a ledger in memory: what arrives counts once, and both can be away. */
import type { UsageBatch, UsageEvent } from "@switchyard/metering/usage-event";
import type { IngestedBatches } from "../../src/settlement/ingested-batches.repository.ts";
import type { UsageQueue } from "../../src/settlement/usage-queue.repository.ts";

export class LedgerModel implements UsageQueue, IngestedBatches {
  /** Batches that wait in the queue, by job id. */
  readonly jobs = new Map<string, UsageBatch>();
  readonly events = new Map<string, UsageEvent>();
  readonly batchIds = new Set<string>();
  /** Job ids of every try to add a batch. */
  readonly triedJobIds: string[] = [];
  isQueueAway = false;
  isDatabaseAway = false;
  /** The queue takes a batch and its answer gets lost. */
  losesAnswers = false;
  /** Ingests at once what is added. */
  isIngesting = true;

  get adds(): number {
    return this.triedJobIds.length;
  }

  async add(batch: UsageBatch, jobId: string): Promise<void> {
    this.triedJobIds.push(jobId);
    if (this.isQueueAway) throw new Error("the queue is away");
    // A job's payload is what survives a trip through JSON.
    if (!this.jobs.has(jobId)) this.jobs.set(jobId, structuredClone(batch));
    if (this.isIngesting) this.ingest();
    if (this.losesAnswers) throw new Error("the connection was lost");
  }

  ingest(): void {
    for (const [jobId, batch] of this.jobs) {
      this.jobs.delete(jobId);
      if (this.batchIds.has(batch.batchId)) continue;
      this.batchIds.add(batch.batchId);
      for (const event of batch.events) {
        const id = event.type === "attempt" ? event.attemptId : event.requestId;
        this.events.set(`${event.type} ${id}`, this.events.get(`${event.type} ${id}`) ?? event);
      }
    }
  }

  async among(batchIds: readonly string[]): Promise<string[]> {
    if (this.isDatabaseAway) throw new Error("the database is away");
    return batchIds.filter((batchId) => this.batchIds.has(batchId));
  }

  async close(): Promise<void> {}
}
