import { Injectable } from "@nestjs/common";
import { jobCatalogue } from "@switchyard/metering/job-catalogue";
import { QueueBackend, type OpenQueue } from "../queue/queue-backend.ts";

/** Adds deliveries: one job an alert, however often it is asked for. */
@Injectable()
export class AlertQueue {
  #queue: OpenQueue | null = null;

  constructor(private readonly backend: QueueBackend) {}

  async enqueue(alertId: string): Promise<void> {
    const { queue, attempts, backoffMs } = jobCatalogue["deliver-alert"];
    this.#queue ??= this.backend.openQueue(queue);
    await this.#queue.add(
      "deliver-alert",
      { alertId },
      { jobId: alertId, attempts, backoff: { type: "exponential", delay: backoffMs } },
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#queue?.close();
  }
}
