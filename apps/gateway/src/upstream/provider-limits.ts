import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import type { Metrics } from "@switchyard/telemetry/metrics";
import { GatewayError } from "../errors/gateway-error.ts";
import type { HealthMap } from "../routing/health-map.ts";
import type { DispatchOrder } from "./dispatch-order.ts";

/** A target that has no room for a call in what its provider allows. */
interface FullTarget {
  /** Whose limit it is, as words after "because". */
  readonly why: string;
  /** Null where it is not known when there is room again. */
  readonly roomInMs: number | null;
}

/** What goes on after a target had no room. */
interface AfterFull {
  readonly left: readonly PlannedAttempt[];
  /** How much longer the call may wait, all in all. */
  readonly patienceMs: number;
}

/**
 * What a call does where a provider's limit has no room for it: it waits where that is soon and few enough wait, goes to the
 * next target otherwise, and is told when to come back where there is none.
 */
export class ProviderLimits {
  readonly #health: HealthMap;
  readonly #outcomes;
  #waiting = 0;

  constructor(health: HealthMap, metrics: Metrics) {
    this.#health = health;
    this.#outcomes = metrics.counter("switchyard_provider_limit_total");
  }

  /** How long until the target has room by its provider's own count; 0 for nearly all. */
  roomInMs(order: DispatchOrder, planned: PlannedAttempt): number {
    return this.#health.roomInMs(planned, tokensOf(order));
  }

  take(order: DispatchOrder, planned: PlannedAttempt): void {
    this.#health.takeRoom(planned, tokensOf(order));
  }

  /** `left` begins with the full target. Throws `upstream_rate_limited` where the call can neither wait nor go elsewhere. */
  async afterFull(
    { call, route, policy }: DispatchOrder,
    left: readonly PlannedAttempt[],
    { why, roomInMs }: FullTarget,
    patienceMs: number,
  ): Promise<AfterFull> {
    const [full, ...after] = left;
    const waitingAtMost = route.resilience?.providerLimits?.waitingAtMost ?? 0;
    const label = full?.label ?? "";
    const connection = policy.connectionsById.get(full?.connectionId ?? "")?.name ?? "";
    if (roomInMs !== null && roomInMs <= patienceMs && this.#waiting < waitingAtMost) {
      call.because.push({
        code: "waited_for_room",
        text: `Waited ${showDuration(roomInMs)} for room at ${label}, because ${why}.`,
      });
      this.#outcomes.with({ connection, outcome: "waited" }).inc();
      await this.#wait(roomInMs);
      return { left, patienceMs: patienceMs - roomInMs };
    }
    const [next] = after;
    if (next === undefined) {
      this.#outcomes.with({ connection, outcome: "refused" }).inc();
      call.because.push({
        code: "provider_limit",
        text: `Refused: ${label} is full, because ${why}, and no other is left.`,
      });
      throw new GatewayError("upstream_rate_limited", "Every target of this route is at the limit of its provider.", {
        retryAfterSeconds: Math.max(1, Math.ceil((roomInMs ?? 0) / 1_000)),
      });
    }
    call.because.push({ code: "provider_limit", text: `${label} is full, because ${why}; trying ${next.label}.` });
    this.#outcomes.with({ connection, outcome: "went_on" }).inc();
    return { left: after, patienceMs };
  }

  async #wait(durationMs: number): Promise<void> {
    this.#waiting += 1;
    try {
      await new Promise((resolve) => setTimeout(resolve, durationMs));
    } finally {
      this.#waiting -= 1;
    }
  }
}

/** About as many as the provider will count of the request. */
function tokensOf({ facts }: DispatchOrder): number {
  return Math.min(2 * facts.inputTokensAtLeast, facts.inputTokensAtMost);
}

function showDuration(ms: number): string {
  return ms < 1_000 ? `${Math.ceil(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
