import cluster from "node:cluster";
import { serveClusterMetrics } from "@switchyard/telemetry/cluster-metrics";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Env } from "../env.ts";
import { leaveProcess } from "./leave-process.ts";
import { isStartFailure } from "./start-failure.ts";
import { openStateDirectory } from "./state-directory.ts";
import { WorkerSeat } from "./worker-seat.ts";

/**
 * Memory for steadier answers. A gateway makes much that dies young and keeps little, which the engine takes for a reason to
 * collect its small heap again every few seconds, a tenth of a second of hiccups for every stream: it may double instead. And
 * with twice the usual room for the young, fewer of them grow old.
 */
const heapFlags = ["--max-semi-space-size=32", "--heap-growing-percent=100"];

/** Room for settling, returning leases and closing down after all else, before a worker is killed. */
const afterDrainMs = 15_000;

/**
 * The primary process: owns the port, starts one worker per seat, restarts what crashes, and stops them together. It
 * handles no request itself.
 */
export class Fleet {
  readonly #env: Env;
  readonly #logger: Logger;
  readonly #seats: readonly WorkerSeat[];
  #isReady = false;
  #isStopping = false;

  constructor(env: Env, logger: Logger) {
    this.#env = env;
    this.#logger = logger;
    const gatewayName = openStateDirectory(env.GATEWAY_STATE_DIR);
    this.#seats = Array.from({ length: env.GATEWAY_PROCESSES }, (_, slot) => new WorkerSeat(slot, gatewayName, logger));
  }

  start(): void {
    cluster.setupPrimary({ execArgv: [...heapFlags, ...process.execArgv, "--disable-proto=throw"] });
    serveClusterMetrics();
    cluster.on("listening", (_worker, { address, port }) => this.#onListening(address, port));
    cluster.on("message", (_worker, message) => {
      if (isStartFailure(message)) this.#onStartFailure(message.message);
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void this.stop(0));
    if (this.#env.SWITCHYARD_LIFELINE === "stdin") {
      // Whoever started us holds the other end; it closes with them, even when they are killed.
      process.stdin
        .on("end", () => void this.stop(0))
        .on("error", () => void this.stop(0))
        .resume();
    }
    for (const seat of this.#seats) seat.start();
  }

  /** Drains every worker, then ends this process. */
  async stop(exitCode: number): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#logger.info("stopping: draining every gateway process");
    const { GATEWAY_DRAIN_DELAY_MS, GATEWAY_DRAIN_TIMEOUT_MS, GATEWAY_FLUSH_TIMEOUT_MS } = this.#env;
    const patienceMs = GATEWAY_DRAIN_DELAY_MS + GATEWAY_DRAIN_TIMEOUT_MS + GATEWAY_FLUSH_TIMEOUT_MS + afterDrainMs;
    setTimeout(() => this.#seats.forEach((seat) => seat.kill()), patienceMs).unref();
    await Promise.all(this.#seats.map((seat) => seat.stop()));
    leaveProcess(this.#logger, exitCode);
  }

  #onListening(address: string | null, port: number): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#logger.info({ address, port, processes: this.#seats.length }, "the gateway is listening");
  }

  // Before the first worker listens, this is how the start as a whole fails; later it is one crash among others.
  #onStartFailure(message: string): void {
    if (this.#isReady || this.#isStopping) return;
    this.#logger.fatal(message);
    void this.stop(1);
  }
}
