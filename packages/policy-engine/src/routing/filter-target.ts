/** Says whether a target can serve a call at all. Order matters only for which reason is given: the most lasting first. */
import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { Target } from "../policy/route.ts";
import type { RequestFeatures } from "./request-features.ts";

export interface FilterFacts {
  readonly features: RequestFeatures;
  /** Until when (epoch ms) a target or a connection is set aside, by its id. */
  readonly setAsideUntilMs: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

/** The code of a reason, and the clause that follows "passed over, because". */
export interface Refusal {
  readonly code: string;
  readonly why: string;
}

/** Why the target is passed over; null if nothing speaks against it. */
export function whyPassedOver(
  target: Target,
  connection: PolicyConnection,
  model: PolicyModel,
  facts: FilterFacts,
): Refusal | null {
  if (!target.enabled) return { code: "target_disabled", why: "it is switched off" };
  if (!connection.enabled) return { code: "connection_disabled", why: "its connection is switched off" };
  return whyIncapable(model, facts.features) ?? whySetAside(target, facts);
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

function whySetAside(target: Target, { setAsideUntilMs, nowMs }: FilterFacts): Refusal | null {
  if (setAsideUntilMs.size === 0) return null;
  const targetUntilMs = setAsideUntilMs.get(target.targetId) ?? 0;
  const connectionUntilMs = setAsideUntilMs.get(target.connectionId) ?? 0;
  const forMs = Math.max(targetUntilMs, connectionUntilMs) - nowMs;
  if (forMs <= 0) return null;
  return { code: "set_aside", why: `it is set aside for another ${Math.ceil(forMs / 1_000)} s after a failure` };
}
