/**
 * Reports this process to the database every five seconds over one connection that also listens for recalls. The answers
 * tell whether the database is there, what time it is there, and among how many gateways limits are shared.
 */
import type { Logger } from "@switchyard/telemetry/logger";
import type { GatewayProcessIdentity } from "./admission-options.ts";
import type { DatabaseReachability } from "./database-reachability.ts";
import type { HeartbeatConnection, QuotaRecall } from "./heartbeat-connection.repository.ts";

export interface GatewayHeartbeatOptions {
  readonly identity: GatewayProcessIdentity;
  readonly reachability: DatabaseReachability;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly open: (onRecall: (recall: QuotaRecall) => void) => Promise<HeartbeatConnection>;
  readonly onRecall: (recall: QuotaRecall) => void;
  /** The connection was lost for a while: recalls may have been missed. */
  readonly onReconnect: () => void;
  readonly everyMs?: number;
  readonly retryMs?: number;
}

export class GatewayHeartbeat {
  readonly #options: GatewayHeartbeatOptions;
  #policyRevision: number | null = null;
  #policyProblem: object | null = null;
  #connection: HeartbeatConnection | null = null;
  #hasConnectedBefore = false;
  #isStopped = false;
  #wake: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #clock: { readonly databaseNowMs: number; readonly at: number } | null = null;

  constructor(options: GatewayHeartbeatOptions) {
    this.#options = options;
    options.reachability.onLost(() => this.#wake?.());
  }

  /** Resolves after the first beat, whether it was answered or not: a gateway starts without its database too. */
  async start(): Promise<void> {
    await this.#beat();
    this.#running = this.#run();
  }

  /** What the heartbeat tells of policy from now on: the revision in force, and why a newer one was refused, if it was. */
  reportPolicy(revision: number | null, problem: object | null): void {
    if (revision === this.#policyRevision && problem === this.#policyProblem) return;
    this.#policyRevision = revision;
    this.#policyProblem = problem;
    this.#wake?.();
  }

  /** The database's clock, carried on by the monotonic one; the local wall clock until the database has told its own. */
  databaseNowMs(): number {
    return this.#clock === null ? Date.now() : this.#clock.databaseNowMs + (performance.now() - this.#clock.at);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake?.();
    await this.#running;
    this.#connection?.close();
  }

  async #run(): Promise<void> {
    const { reachability, everyMs = 5_000, retryMs = 500 } = this.#options;
    while (!this.#isStopped) {
      // Gateways that lost the database together must not all come back in the same instant.
      await this.#sleep(reachability.isReachable ? everyMs : retryMs * (0.5 + Math.random()));
      if (!this.#isStopped) await this.#beat();
    }
  }

  async #beat(): Promise<void> {
    const { identity, reachability, logger, open, onRecall, onReconnect } = this.#options;
    try {
      const isReconnect = this.#connection === null && this.#hasConnectedBefore;
      this.#connection ??= await open(onRecall);
      const { databaseNowMs, liveGateways } = await this.#connection.beat({
        ...identity,
        policyRevision: this.#policyRevision,
        policyProblem: this.#policyProblem,
      });
      this.#hasConnectedBefore = true;
      this.#clock = { databaseNowMs, at: performance.now() };
      if (!reachability.isReachable) logger.info({ liveGateways }, "the database answers");
      reachability.reportAnswer(liveGateways);
      if (isReconnect) onReconnect();
    } catch (error) {
      this.#connection?.close();
      this.#connection = null;
      if (reachability.isReachable) logger.warn({ err: error }, "the database does not answer");
      reachability.reportFailure();
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
