import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";

const channel = "switchyard_policy";
const firstRetryMs = 250;
const longestRetryMs = 5_000;

/**
 * Listens for the control plane's NOTIFY on a connection of its own. A hint only: an announcement that is lost costs
 * one poll interval. After every reconnect it announces once, because what was said meanwhile was not heard.
 */
export class PolicyAnnouncements {
  readonly #connectionString: string;
  readonly #logger: Logger;
  #client: pg.Client | null = null;
  #retryMs = firstRetryMs;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(connectionString: string, logger: Logger) {
    this.#connectionString = connectionString;
    this.#logger = logger;
  }

  start(onAnnouncement: () => void): void {
    void this.#listen(onAnnouncement);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #listen(onAnnouncement: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      application_name: "switchyard-gateway-policy",
      connectionTimeoutMillis: 2_000,
      query_timeout: 6_000,
      keepAlive: true,
    });
    this.#client = client;
    client.on("error", (error) => this.#logger.debug({ err: error }, "the policy listener's connection broke"));
    client.on("notification", onAnnouncement);
    client.once("end", () => this.#listenLater(onAnnouncement));
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      this.#retryMs = firstRetryMs;
      onAnnouncement();
    } catch {
      // "end" follows, or never comes for a connection that was never made; either way there is one retry.
      await client.end().catch(() => undefined);
      this.#listenLater(onAnnouncement);
    }
  }

  #listenLater(onAnnouncement: () => void): void {
    if (this.#isStopped || this.#timer !== undefined) return;
    const delayMs = this.#retryMs * (0.5 + Math.random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#listen(onAnnouncement);
    }, delayMs).unref();
  }
}
