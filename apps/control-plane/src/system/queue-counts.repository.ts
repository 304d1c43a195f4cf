import { Injectable, type OnApplicationShutdown } from "@nestjs/common";
import { jobCatalogue } from "@switchyard/metering/job-catalogue";
import { createPostgresBackend, Queue } from "bullmq";
import { ControlPlaneEnv } from "../env.ts";

export interface QueueCounts {
  readonly queue: string;
  /** Due now, and not begun. */
  readonly waiting: number;
  /** Due later: what repeats, and what is tried again. */
  readonly scheduled: number;
  readonly active: number;
  readonly failed: number;
}

/** What is used of a queue, whichever backend it has. */
interface CountedQueue {
  readonly name: string;
  getJobCounts(...types: ("wait" | "prioritized" | "delayed" | "active" | "failed")[]): Promise<Record<string, number>>;
  on(event: "error", listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

const queueNames = [...new Set(Object.values(jobCatalogue).map(({ queue }) => queue))];

/** Looks at the worker's queues, wherever they live. Opened on first use: most processes never serve the System page. */
@Injectable()
export class QueueCountsRepository implements OnApplicationShutdown {
  readonly #env: ControlPlaneEnv;
  #queues: readonly CountedQueue[] | null = null;

  constructor(env: ControlPlaneEnv) {
    this.#env = env;
  }

  count(): Promise<QueueCounts[]> {
    this.#queues ??= queueNames.map((name) => this.#open(name));
    return Promise.all(
      this.#queues.map(async (queue) => {
        const counts = await queue.getJobCounts("wait", "prioritized", "delayed", "active", "failed");
        const { wait = 0, prioritized = 0, delayed = 0, active = 0, failed = 0 } = counts;
        return { queue: queue.name, waiting: wait + prioritized, scheduled: delayed, active, failed };
      }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all((this.#queues ?? []).map((queue) => queue.close()));
  }

  #open(name: string): CountedQueue {
    const { redisUrl, databaseUrl } = this.#env;
    const queue: CountedQueue =
      redisUrl === null
        ? new Queue(name, { connection: { connectionString: databaseUrl, max: 1 } }, createPostgresBackend)
        : new Queue(name, { connection: { url: redisUrl } });
    // Without a listener a broken connection would end the process; the next count reports the trouble.
    queue.on("error", () => undefined);
    return queue;
  }
}
