import cluster, { type Worker } from "node:cluster";
import type { Logger } from "@switchyard/telemetry/logger";

const firstDelayMs = 200;
const longestDelayMs = 10_000;
/** A worker that lived this long was well; what ended it is a new story. */
const healthyMs = 30_000;

/** One place in the fleet, and whichever process has it: a slot number keeps its journal and its leases across restarts. */
export class WorkerSeat {
  readonly slot: number;
  readonly #gatewayName: string;
  readonly #logger: Logger;
  #worker: Worker | null = null;
  #delayMs = firstDelayMs;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  #onVacant: (() => void) | null = null;

  constructor(slot: number, gatewayName: string, logger: Logger) {
    this.slot = slot;
    this.#gatewayName = gatewayName;
    this.#logger = logger;
  }

  start(): void {
    const startedAt = performance.now();
    const worker = cluster.fork({ GATEWAY_SLOT: String(this.slot), GATEWAY_ID: `${this.#gatewayName}-${this.slot}` });
    this.#worker = worker;
    worker.on("exit", (code, signal) => this.#onExit(code, signal, performance.now() - startedAt));
  }

  /** Asks the worker to drain; resolves when its process has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    if (this.#worker === null) return;
    const vacant = new Promise<void>((resolve) => {
      this.#onVacant = resolve;
    });
    this.#worker.process.kill("SIGTERM");
    await vacant;
  }

  /** For a worker that did not drain in time. */
  kill(): void {
    this.#worker?.process.kill("SIGKILL");
  }

  #onExit(code: number | null, signal: string | null, livedMs: number): void {
    this.#worker = null;
    this.#onVacant?.();
    if (this.#isStopping) return;
    if (livedMs >= healthyMs) this.#delayMs = firstDelayMs;
    this.#logger.error({ slot: this.slot, code, signal, restartInMs: this.#delayMs }, "a gateway process ended");
    this.#timer = setTimeout(() => this.start(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, longestDelayMs);
  }
}
