import { goesByWeight } from "../strategies/registry.ts";
import type { PolicyProblem } from "./policy-problem.ts";
import type { PolicyRevision } from "./policy-revision.ts";
import type { Route, RouteTimeouts } from "./route.ts";

/** What validation has to know of a provider kind; `@switchyard/providers/manifests` has one for each. */
export interface ProviderKindRule {
  readonly kind: string;
  /** A generic kind speaks a protocol, not for a vendor: a connection of it may serve any model. */
  readonly generic: boolean;
  /** Other kinds whose models it serves under the same ids. */
  readonly servesModelsOf?: readonly string[];
  /** Whether a connection of it may have quirks: kinds that speak OpenAI's protocol. */
  readonly takesQuirks?: boolean;
  /** Whether it has a list of models to be asked for; absent: it has. */
  readonly listsModels?: boolean;
}

/** Routes that no call could be served by, targets whose two halves do not fit, timeouts that contradict each other. */
export function* findRouteProblems(
  { routes, connections, models }: PolicyRevision,
  providerKinds: readonly ProviderKindRule[],
): Generator<PolicyProblem> {
  const rules = new Map(providerKinds.map((rule) => [rule.kind, rule]));
  const connectionKinds = new Map(connections.map(({ connectionId, kind }) => [connectionId, kind]));
  const modelKinds = new Map(models.map(({ modelId, providerKind }) => [modelId, providerKind]));
  if (rules.size > 0) {
    for (const [index, { kind, quirks, probe }] of connections.entries()) {
      const rule = rules.get(kind);
      if (rule === undefined) {
        const message = `This build does not speak the provider kind "${kind}".`;
        yield { path: `connections[${index}].kind`, code: "unknown_provider_kind", message };
      } else if (quirks !== undefined && rule.takesQuirks !== true) {
        const message = `Connections of kind "${kind}" have no quirks: it does not speak OpenAI's protocol.`;
        yield { path: `connections[${index}].quirks`, code: "quirks_not_taken", message };
      }
      if (probe !== undefined && rule?.listsModels === false) {
        const message = `Connections of kind "${kind}" have no list of models to be probed with.`;
        yield { path: `connections[${index}].probe`, code: "probe_not_taken", message };
      }
    }
  }
  for (const [index, route] of routes.entries()) {
    const path = `routes[${index}]`;
    yield* findWeightProblems(route, path);
    yield* findTimeoutProblems(route.timeouts, `${path}.timeouts`);
    const named = [
      ...route.targets.map((target, position) => ({ ...target, at: `${path}.targets[${position}]` })),
      ...(route.shadow === undefined ? [] : [{ ...route.shadow, at: `${path}.shadow` }]),
    ];
    for (const { connectionId, modelId, at } of named) {
      const connectionKind = connectionKinds.get(connectionId);
      const modelKind = modelKinds.get(modelId);
      const rule = connectionKind === undefined ? undefined : rules.get(connectionKind);
      // What dangles or is unknown has been reported already.
      if (rule === undefined || rule.generic || modelKind === undefined || modelKind === rule.kind) continue;
      if (rule.servesModelsOf?.includes(modelKind) === true) continue;
      yield {
        path: `${at}.modelId`,
        code: "provider_kind_mismatch",
        message: `A model of provider kind "${modelKind}" cannot be called through a connection of kind "${rule.kind}".`,
      };
    }
  }
}

/** A route that is switched off may be unfinished. */
function* findWeightProblems(
  { enabled, name, strategy, targets, groups = [] }: Route,
  path: string,
): Generator<PolicyProblem> {
  if (!enabled) return;
  const enabledTargets = targets.filter((target) => target.enabled);
  if (enabledTargets.length === 0) {
    yield {
      path: `${path}.targets`,
      code: "no_enabled_target",
      message: `Route ${name} has no target that is switched on.`,
    };
    return;
  }
  const members = [
    ...enabledTargets.filter(({ groupId }) => groupId === undefined),
    ...groups.filter((group) => group.enabled && group.parentGroupId === undefined),
  ];
  if (goesByWeight(strategy) && members.every(({ weight }) => weight === 0)) {
    const message = `The weights of route ${name} sum to zero, so no target would ever be chosen.`;
    yield { path: `${path}.targets`, code: "weights_sum_to_zero", message };
  }
}

function* findTimeoutProblems(timeouts: RouteTimeouts, path: string): Generator<PolicyProblem> {
  for (const name of ["connectMs", "firstByteMs", "idleMs"] as const) {
    if (timeouts[name] <= timeouts.totalMs) continue;
    const message = `${timeouts[name]} ms can never pass within the ${timeouts.totalMs} ms of totalMs.`;
    yield { path: `${path}.${name}`, code: "timeout_above_total", message };
  }
}
