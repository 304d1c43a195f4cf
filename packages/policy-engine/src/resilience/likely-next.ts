/** Which targets the next calls of a route may suddenly go to: those that are worth a connection before a call asks for one. */
import { circuitStateAt } from "../health/circuit.ts";
import type { Route, Target } from "../policy/route.ts";
import type { HealthFacts } from "../routing/filter-target.ts";

/** Of one route. A call goes to one target at a time, and to two where it is hedged. */
const mostTargets = 2;
/** A route that nobody has called for so long expects no call. */
const expectsCallsForMs = 60_000;

/**
 * Where a target of a route in use has a circuit that is not closed, is late, or is left out beside its peers, the others may be
 * next; where the route hedges, they may be at any time. In the route's order, of other connections than those in trouble.
 */
export function likelyNext(
  { enabled, targets, resilience }: Pick<Route, "enabled" | "targets" | "resilience">,
  health: HealthFacts,
): readonly Target[] {
  const live = targets.filter((target) => target.enabled);
  if (!enabled || live.length < 2 || !isInUse(live, health)) return [];
  const troubled = live.filter((target) => isTroubled(target, health));
  const isHedged = resilience?.hedging.enabled === true;
  if (troubled.length === 0 && !isHedged) return [];
  const avoided = new Set(troubled.map(({ connectionId }) => connectionId));
  return live.filter(({ connectionId }) => !avoided.has(connectionId)).slice(0, mostTargets);
}

function isInUse(targets: readonly Target[], { connections, nowMs }: HealthFacts): boolean {
  return targets.some(({ connectionId, modelId }) => {
    const endedAtMs = connections.get(connectionId)?.targetsByModelId.get(modelId)?.lastEndedAtMs ?? null;
    return endedAtMs !== null && nowMs - endedAtMs < expectsCallsForMs;
  });
}

function isTroubled(
  { targetId, connectionId, modelId }: Target,
  { connections, ejections, nowMs }: HealthFacts,
): boolean {
  if ((ejections?.get(targetId)?.untilMs ?? 0) > nowMs) return true;
  const connection = connections.get(connectionId);
  if (connection === undefined) return false;
  if (circuitStateAt(connection.circuit, nowMs) !== "closed") return true;
  const health = connection.targetsByModelId.get(modelId);
  if (health === undefined) return false;
  return circuitStateAt(health.circuit, nowMs) !== "closed" || health.lateness.restsForMs(0, nowMs) !== null;
}
