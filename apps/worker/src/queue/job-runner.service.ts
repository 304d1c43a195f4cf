import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from "@nestjs/common";
import { jobCatalogue, type JobDefinition, type JobName } from "@switchyard/metering/job-catalogue";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Job } from "bullmq";
import { loggerToken } from "../logging.ts";
import { WorkerMetrics } from "../health/worker-metrics.ts";
import { jobHandlersToken, type JobHandler } from "./job-handler.ts";
import { QueueBackend, type OpenQueue, type OpenWorker } from "./queue-backend.ts";

const catalogue: Readonly<Record<JobName, JobDefinition>> = jobCatalogue;
const jobNames = Object.keys(catalogue) as JobName[];

/** Binds every row of the job catalogue to its one handler, schedules what is periodic, and validates payloads. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #handlers: ReadonlyMap<JobName, JobHandler>;
  readonly #queues = new Map<string, OpenQueue>();
  readonly #workers: OpenWorker[] = [];

  constructor(
    @Inject(jobHandlersToken) handlers: readonly JobHandler[],
    @Inject(loggerToken) private readonly logger: Logger,
    private readonly backend: QueueBackend,
    private readonly metrics: WorkerMetrics,
  ) {
    this.#handlers = bindHandlers(handlers);
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const queueName of new Set(jobNames.map((name) => catalogue[name].queue))) {
      const queue = this.backend.openQueue(queueName);
      this.#queues.set(queueName, queue);
      const concurrency = Math.max(
        ...jobNames.filter((name) => catalogue[name].queue === queueName).map((name) => catalogue[name].concurrency),
      );
      this.#workers.push(this.backend.openWorker(queueName, concurrency, (job) => this.#run(job)));
    }
    for (const name of jobNames) {
      const { everyMs, queue } = catalogue[name];
      if (everyMs === null) continue;
      await this.#queues
        .get(queue)
        ?.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: retryOptions(name) });
    }
  }

  /** Adds an on-demand job; a second one with the same id while the first is known to the queue changes nothing. */
  async add(name: JobName, payload: unknown, jobId: string): Promise<void> {
    const definition = catalogue[name];
    const queue = this.#queues.get(definition.queue);
    if (!queue) throw new Error(`queue ${definition.queue} is not open`);
    await queue.add(name, definition.payload.parse(payload), { ...retryOptions(name), jobId });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#workers.map((worker) => worker.close()));
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  async #run(job: Job): Promise<void> {
    const name = job.name as JobName;
    const handler = this.#handlers.get(name);
    if (!handler) throw new Error(`no such job: ${job.name}`);
    const startedAt = performance.now();
    try {
      await handler.run(catalogue[name].payload.parse(job.data) as never);
      this.metrics.jobDone(name, "completed", performance.now() - startedAt);
    } catch (error) {
      this.metrics.jobDone(name, "failed", performance.now() - startedAt);
      this.logger.error(
        { job: name, jobId: job.id, attempt: job.attemptsMade + 1, err: error },
        "job failed, will be retried",
      );
      throw error;
    }
  }
}

function retryOptions(name: JobName) {
  const { attempts, backoffMs } = catalogue[name];
  return { attempts, backoff: { type: "fixed", delay: backoffMs, jitter: 0.5 } };
}

/** A job without a handler, or with two, is a mistake that must stop the start, not lose work later. */
export function bindHandlers(handlers: readonly JobHandler[]): ReadonlyMap<JobName, JobHandler> {
  const bound = new Map<JobName, JobHandler>();
  for (const handler of handlers) {
    if (bound.has(handler.job)) throw new Error(`two handlers for job ${handler.job}`);
    bound.set(handler.job, handler);
  }
  const missing = jobNames.filter((name) => !bound.has(name));
  if (missing.length > 0) throw new Error(`no handler for job ${missing.join(", ")}`);
  return bound;
}
