import { Injectable, type OnApplicationShutdown } from "@nestjs/common";
import { jobCatalogue, type JobDefinition, type JobName, type JobPayload } from "@switchyard/metering/job-catalogue";
import { QueueBackend, type OpenQueue } from "./queue-backend.ts";

const catalogue: Readonly<Record<JobName, JobDefinition>> = jobCatalogue;

/** Adds jobs that other jobs find due: one for each id, however often it is asked for while the queue knows it. */
@Injectable()
export class JobQueue implements OnApplicationShutdown {
  readonly #queues = new Map<string, OpenQueue>();

  constructor(private readonly backend: QueueBackend) {}

  async enqueue<Name extends JobName>(name: Name, payload: JobPayload<Name>, jobId: string): Promise<void> {
    const { attempts, backoffMs } = catalogue[name];
    await this.#open(catalogue[name].queue).add(name, payload, {
      jobId,
      attempts,
      backoff: { type: "exponential", delay: backoffMs },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  #open(name: string): OpenQueue {
    let queue = this.#queues.get(name);
    if (queue === undefined) this.#queues.set(name, (queue = this.backend.openQueue(name)));
    return queue;
  }
}
