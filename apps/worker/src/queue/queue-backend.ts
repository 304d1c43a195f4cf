/** Where queues live: PostgreSQL by default, Redis when it is configured. The rest of the worker does not know which. */
import { createPostgresBackend, Queue, Worker, type Job, type JobsOptions } from "bullmq";

export interface QueueBackendOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  /** Told when a queue's connection breaks; BullMQ reconnects by itself. */
  readonly onTrouble: (queue: string, error: Error) => void;
}

/** What the worker uses of a queue, whichever backend it has. */
export interface OpenQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: { every: number },
    job: { name: string; data: unknown; opts: JobsOptions },
  ): Promise<unknown>;
  close(): Promise<void>;
}

export interface OpenWorker {
  close(force?: boolean): Promise<void>;
}

/**
 * How soon a job goes on elsewhere when its worker is killed: its lock runs out, and two looks later another takes it.
 * Every handler can be repeated, so being taken up again is no reason to give a job up, and a worker that lost the database
 * asks for it again soon.
 */
const recovery = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 100, runRetryDelay: 1_000 };

export class QueueBackend {
  readonly #options: QueueBackendOptions;

  constructor(options: QueueBackendOptions) {
    this.#options = options;
  }

  openQueue(name: string): OpenQueue {
    const { redisUrl, onTrouble } = this.#options;
    const queue = redisUrl
      ? new Queue(name, { connection: { url: redisUrl } })
      : new Queue(name, { connection: this.#postgres(2) }, createPostgresBackend);
    queue.on("error", (error: Error) => onTrouble(name, error));
    return queue;
  }

  openWorker(name: string, concurrency: number, run: (job: Job) => Promise<void>): OpenWorker {
    const { redisUrl, onTrouble } = this.#options;
    const options = {
      ...recovery,
      concurrency,
      // Money is in the ledger, not in the queue: finished jobs are only of use for a look at recent work.
      removeOnComplete: { count: 100 },
      removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
    };
    const worker = redisUrl
      ? new Worker(name, run, { ...options, connection: { url: redisUrl, maxRetriesPerRequest: null } })
      : new Worker(name, run, { ...options, connection: this.#postgres(concurrency + 1) }, createPostgresBackend);
    worker.on("error", (error: Error) => onTrouble(name, error));
    return worker;
  }

  #postgres(connections: number) {
    return { connectionString: this.#options.databaseUrl, migrate: true, max: connections };
  }
}
