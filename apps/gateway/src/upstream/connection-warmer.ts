import { likelyNext } from "@switchyard/policy-engine/resilience/likely-next";
import type { PolicyStore } from "../policies/policy.store.ts";
import type { HealthMap } from "../routing/health-map.ts";
import { addressOf } from "./attempt-request.ts";
import type { UpstreamClient } from "./upstream-client.ts";

const everyMs = 500;
/** Origins that are looked after in one go; more are more than any outage needs. */
const mostOrigins = 32;

/** Dials ahead, off the path of calls, where the next calls may suddenly go: one connection for each origin at most. */
export class ConnectionWarmer {
  readonly #policies: PolicyStore;
  readonly #health: HealthMap;
  readonly #client: UpstreamClient;
  #timer: NodeJS.Timeout | null = null;

  constructor(policies: PolicyStore, health: HealthMap, client: UpstreamClient) {
    this.#policies = policies;
    this.#health = health;
    this.#client = client;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), everyMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  look(): void {
    const policy = this.#policies.current;
    if (policy === null) return;
    const health = this.#health.facts();
    const warmed = new Set<string>();
    for (const route of policy.revision.routes) {
      for (const { connectionId } of likelyNext(route, health)) {
        const connection = policy.connectionsById.get(connectionId);
        if (connection === undefined || !connection.enabled || connection.drained === true) continue;
        const address = addressOf(connection);
        const { connectMs } = route.timeouts;
        const key = `${address.origin} ${connectMs}`;
        if (warmed.has(key)) continue;
        if (warmed.size >= mostOrigins) return;
        warmed.add(key);
        this.#client.warm(address, connectMs);
      }
    }
  }
}
