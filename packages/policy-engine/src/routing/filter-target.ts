/** Says whether a target can serve a call at all. Order matters only for which reason is given: the most lasting first. */
import { circuitStateAt, type Circuit } from "../health/circuit.ts";
import type { Ejection } from "../health/outlier-ejection.ts";
import type { ConnectionHealth } from "../health/connection-health.ts";
import { isLeftToProbe } from "../health/probe.ts";
import { failureRules } from "../health/failure-rule.ts";
import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { Route, Target } from "../policy/route.ts";
import { latencyObjectiveMs } from "../resilience/latency-objective.ts";
import type { RequestFeatures } from "./request-features.ts";

/** What is known of the health of what a plan may name. */
export interface HealthFacts {
  /** By id; a connection that has not been called yet is absent. */
  readonly connections: ReadonlyMap<string, ConnectionHealth>;
  /** Targets that do worse than their peers, by target id; absent: nobody has looked. */
  readonly ejections?: ReadonlyMap<string, Ejection>;
  /** On the clock that health is kept by. */
  readonly nowMs: number;
}

/** The code of a reason, and the clause that follows "passed over, because". */
export interface Refusal {
  readonly code: string;
  readonly why: string;
  /** True where only a circuit speaks against it: out of need it may be tried all the same. */
  readonly isCircuit?: true;
  /** When it may be called again, where that is a matter of time. */
  readonly returnsInMs?: number;
}

/** Why the target is passed over; null if nothing speaks against it. */
export function whyPassedOver(
  target: Target,
  connection: PolicyConnection,
  model: PolicyModel,
  features: RequestFeatures,
  health: HealthFacts,
  route: Pick<Route, "resilience">,
): Refusal | null {
  if (!target.enabled) return { code: "target_disabled", why: "it is switched off" };
  if (!connection.enabled) return { code: "connection_disabled", why: "its connection is switched off" };
  if (connection.drained) return { code: "connection_drained", why: "an admin is draining its connection" };
  return (
    whyIncapable(model, features) ??
    whyResting(target, health, connection) ??
    whyEjected(target, health) ??
    whyFull(target, features, health, route) ??
    whyLate(target, health, latencyObjectiveMs(route, features))
  );
}

function whyIncapable({ capabilities, contextWindow }: PolicyModel, features: RequestFeatures): Refusal | null {
  if (!capabilities.operations.includes(features.operation)) {
    return { code: "operation_unsupported", why: `the model does not serve ${features.operation}` };
  }
  if (features.tools && !capabilities.tools) return { code: "tools_unsupported", why: "the model takes no tools" };
  if (features.images && !capabilities.vision) return { code: "images_unsupported", why: "the model takes no images" };
  if (features.jsonSchema && !capabilities.jsonSchema) {
    return { code: "json_schema_unsupported", why: "the model cannot keep to a JSON schema" };
  }
  if (features.stream && !capabilities.streaming) {
    return { code: "streaming_unsupported", why: "the model does not stream" };
  }
  if (contextWindow !== null && features.inputTokensAtLeast >= contextWindow) {
    const needed = `at least ${features.inputTokensAtLeast} tokens of input`;
    return { code: "context_window_too_small", why: `${needed} do not fit its window of ${contextWindow}` };
  }
  return null;
}

function whyResting(
  { connectionId, modelId }: Target,
  { connections, nowMs }: HealthFacts,
  { probe }: PolicyConnection,
): Refusal | null {
  const connection = connections.get(connectionId);
  if (connection === undefined) return null;
  const target = connection.targetsByModelId.get(modelId);
  if (target !== undefined && target.notBeforeMs > nowMs) {
    const returnsInMs = target.notBeforeMs - nowMs;
    const why = `the provider asked to be left alone for another ${seconds(returnsInMs)}`;
    return { code: "retry_after", why, returnsInMs };
  }
  if (probe !== undefined && isLeftToProbe(connection, nowMs)) {
    const why = "it could not be reached, and a probe finds out whether it can be again";
    return { code: "circuit_open", why, isCircuit: true, returnsInMs: 0 };
  }
  return whyCircuit(connection.circuit, nowMs) ?? (target === undefined ? null : whyCircuit(target.circuit, nowMs));
}

function whyEjected({ targetId }: Target, { ejections, nowMs }: HealthFacts): Refusal | null {
  if (ejections === undefined || ejections.size === 0) return null;
  const ejection = ejections.get(targetId);
  if (ejection === undefined || ejection.untilMs <= nowMs) return null;
  const returnsInMs = ejection.untilMs - nowMs;
  const why = `${ejection.why}, so it is left out for another ${seconds(returnsInMs)}`;
  return { code: "outlier_ejected", why, isCircuit: true, returnsInMs };
}

/** About as many tokens as the call takes off a provider's limit. */
function tokensTaken({ inputTokensExpected, outputTokensAsked }: RequestFeatures): number {
  return inputTokensExpected + (outputTokensAsked ?? 0);
}

function whyFull(
  { connectionId, modelId }: Target,
  features: RequestFeatures,
  { connections, nowMs }: HealthFacts,
  { resilience }: Pick<Route, "resilience">,
): Refusal | null {
  const bucket = connections.get(connectionId)?.targetsByModelId.get(modelId)?.bucket ?? null;
  if (bucket === null) return null;
  const waitMs = bucket.waitMs(tokensTaken(features), nowMs);
  if (waitMs <= (resilience?.providerLimits?.waitAtMostMs ?? 0)) return null;
  return {
    code: "provider_limit",
    why: `its provider's limit has no room for such a call for another ${seconds(waitMs)}`,
    returnsInMs: waitMs,
  };
}

function whyLate(
  { connectionId, modelId }: Target,
  { connections, nowMs }: HealthFacts,
  objectiveMs: number | null,
): Refusal | null {
  if (objectiveMs === null) return null;
  const restsForMs = connections
    .get(connectionId)
    ?.targetsByModelId.get(modelId)
    ?.lateness.restsForMs(objectiveMs, nowMs);
  if (restsForMs === undefined || restsForMs === null) return null;
  const until = restsForMs > 0 ? `is left alone for another ${seconds(restsForMs)}` : "one trial call is under way";
  const why = `it takes longer than ${objectiveMs} ms, and ${until}`;
  return { code: "too_slow", why, isCircuit: true, returnsInMs: restsForMs };
}

function whyCircuit(circuit: Circuit, nowMs: number): Refusal | null {
  const state = circuitStateAt(circuit, nowMs);
  if (state === "closed" || state === "half_open") return null;
  const failed = circuit.cause === null ? "failed" : failureRules[circuit.cause].what;
  const cause = circuit.seenByOthers ? `${failed}, as another gateway process saw` : failed;
  const until =
    state === "open"
      ? `is left alone for another ${seconds(circuit.retryAtMs - nowMs)}`
      : "one trial call is under way";
  const returnsInMs = Math.max(circuit.retryAtMs, circuit.trialUntilMs) - nowMs;
  return { code: "circuit_open", why: `it ${cause}, and ${until}`, isCircuit: true, returnsInMs };
}

function seconds(durationMs: number): string {
  return `${Math.ceil(durationMs / 1_000)} s`;
}
