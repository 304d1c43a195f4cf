import { jobCatalogue } from "@switchyard/metering/job-catalogue";
import type { UsageBatch } from "@switchyard/metering/usage-event";
import { createPostgresBackend, Queue } from "bullmq";

export interface UsageQueueOptions {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
}

/** Where batches of usage go to be ingested. */
export interface UsageQueue {
  /** Throws when it is not known whether the batch was added. Adding one under the same job id twice adds it once. */
  add(batch: UsageBatch, jobId: string): Promise<void>;
  close(): Promise<void>;
}

const jobName = "ingest-usage";
const addTimeoutMs = 5_000;

/** The queue that the worker reads: on PostgreSQL, or on Redis where that is configured. */
export class UsageQueueRepository implements UsageQueue {
  readonly #options: UsageQueueOptions;
  #queue: Queue | null = null;

  constructor(options: UsageQueueOptions) {
    this.#options = options;
  }

  async add(batch: UsageBatch, jobId: string): Promise<void> {
    const { attempts, backoffMs } = jobCatalogue[jobName];
    const queue = (this.#queue ??= this.#open());
    try {
      await withinTime(
        queue.add(jobName, batch, {
          jobId,
          attempts,
          backoff: { type: "exponential", delay: backoffMs },
          removeOnComplete: true,
        }),
      );
    } catch (error) {
      // A queue that failed to connect once stays unusable, so the next try gets a new one.
      this.#queue = null;
      queue.close().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#queue?.close();
  }

  #open(): Queue {
    const { databaseUrl, redisUrl } = this.#options;
    const { queue: name } = jobCatalogue[jobName];
    const queue =
      redisUrl === null
        ? new Queue(name, { connection: postgresConnection(databaseUrl), skipMetasUpdate: true }, createPostgresBackend)
        : new Queue(name, {
            connection: { url: redisUrl, connectTimeout: 2_000, maxRetriesPerRequest: 1, enableOfflineQueue: false },
            skipMetasUpdate: true,
          });
    // `add` throws too; without a listener the error would end the process.
    queue.on("error", () => undefined);
    return queue as Queue;
  }
}

// The gateway's role may add jobs and nothing else: migrations are the owner's.
function postgresConnection(connectionString: string) {
  return {
    connectionString,
    application_name: "switchyard-gateway-usage",
    migrate: false,
    max: 1,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
    keepAlive: true,
  };
}

async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the usage queue did not answer in time")), addTimeoutMs);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
