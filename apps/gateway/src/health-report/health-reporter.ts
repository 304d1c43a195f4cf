import { reportHealth, type TargetReport } from "@switchyard/policy-engine/health/health-report";
import type { Logger } from "@switchyard/telemetry/logger";
import type { HealthMap } from "../routing/health-map.ts";

/** Tells the database every few seconds how targets do here. A report that is not taken is made up for by the next one. */
export class HealthReporter {
  readonly #health: Pick<HealthMap, "facts">;
  readonly #reports: { write(targets: readonly TargetReport[]): Promise<void> };
  readonly #logger: Pick<Logger, "debug">;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;

  constructor(
    health: Pick<HealthMap, "facts">,
    reports: { write(targets: readonly TargetReport[]): Promise<void> },
    logger: Pick<Logger, "debug">,
  ) {
    this.#health = health;
    this.#reports = reports;
    this.#logger = logger;
  }

  start(everyMs = 5_000): void {
    this.#timer = setInterval(() => void this.report(), everyMs).unref();
  }

  /** Never rejects. One at a time: where a report is under way, it is waited for. */
  report(): Promise<void> {
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
    return this.#writing;
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      const { connections, nowMs } = this.#health.facts();
      if (connections.size > 0) await this.#reports.write(reportHealth(connections, nowMs));
    } catch (error) {
      this.#logger.debug({ err: error }, "the report of targets' health was not taken");
    }
  }
}
