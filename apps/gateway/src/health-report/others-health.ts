import type { OthersReport } from "@switchyard/policy-engine/health/adopt-reports";
import type { Logger } from "@switchyard/telemetry/logger";
import type { HealthMap } from "../routing/health-map.ts";

interface Reports {
  readOthers(): Promise<readonly OthersReport[]>;
}

/** Asks every few seconds what other processes know of targets, the first time at once. Calls never wait for it. */
export class OthersHealth {
  readonly #health: Pick<HealthMap, "adopt">;
  readonly #reports: Reports;
  readonly #logger: Pick<Logger, "debug">;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> | null = null;

  constructor(health: Pick<HealthMap, "adopt">, reports: Reports, logger: Pick<Logger, "debug">) {
    this.#health = health;
    this.#reports = reports;
    this.#logger = logger;
  }

  start(everyMs = 5_000): void {
    void this.read();
    this.#timer = setInterval(() => void this.read(), everyMs).unref();
  }

  /** Never rejects. One at a time: where one is under way, it is waited for. */
  read(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#reading;
  }

  async #read(): Promise<void> {
    try {
      this.#health.adopt(await this.#reports.readOthers());
    } catch (error) {
      this.#logger.debug({ err: error }, "what other gateways know of targets could not be read");
    }
  }
}
