import type { PerformanceFactsSnapshot } from "@switchyard/metering/performance-facts";
import type { Logger } from "@switchyard/telemetry/logger";
import type { TaskPerformance } from "./task-performance.ts";

interface FactsSource {
  read(): Promise<PerformanceFactsSnapshot | null>;
}

/** Tells a process what the fleet knows, at its start and every half minute. What cannot be read now is read next time. */
export class PerformancePoller {
  readonly #performance: Pick<TaskPerformance, "learn">;
  readonly #source: FactsSource;
  readonly #logger: Pick<Logger, "debug">;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #computedAtMs = 0;

  constructor(performance: Pick<TaskPerformance, "learn">, source: FactsSource, logger: Pick<Logger, "debug">) {
    this.#performance = performance;
    this.#source = source;
    this.#logger = logger;
  }

  /** Calls do not wait for the first look: until it is done, nothing is known. */
  start(everyMs = 30_000): void {
    void this.look();
    this.#timer = setInterval(() => void this.look(), everyMs).unref();
  }

  /** Never rejects. One at a time: where a look is under way, it is waited for. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      const facts = await this.#source.read();
      // The same facts again say nothing new, and older ones, of a database that was restored, say less.
      if (facts === null || facts.computedAtMs === this.#computedAtMs) return;
      this.#computedAtMs = facts.computedAtMs;
      this.#performance.learn(facts);
    } catch (error) {
      this.#logger.debug({ err: error }, "the performance facts could not be read");
    }
  }
}
