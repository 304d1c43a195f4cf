import { Injectable } from "@nestjs/common";
import type { JobPayload } from "@switchyard/metering/job-catalogue";
import type { UsageBatch } from "@switchyard/metering/usage-event";
import { WorkerMetrics } from "../health/worker-metrics.ts";
import type { JobHandler } from "../queue/job-handler.ts";
import { UsageIngestionRepository } from "./usage-ingestion.repository.ts";

@Injectable()
export class UsageIngestionProcessor implements JobHandler<"ingest-usage"> {
  readonly job = "ingest-usage";

  constructor(
    private readonly repository: UsageIngestionRepository,
    private readonly metrics: WorkerMetrics,
  ) {}

  async run(payload: JobPayload<"ingest-usage">): Promise<void> {
    const batch = payload as unknown as UsageBatch;
    const counts = await this.repository.ingest(batch);
    const newest = batch.events.reduce(
      (latest, event) => Math.max(latest, event.type === "feedback" ? 0 : event.endedAtMs),
      0,
    );
    if (counts) this.metrics.ingested(counts.attempts + counts.requests, newest === 0 ? 0 : Date.now() - newest);
  }
}
