/** Whether a call is copied to the route's shadow: a target that is tried out on real calls, whose answers nobody sees. */
import type { Reason } from "@switchyard/metering/usage-event";
import type { Route, RouteGroup, Target } from "../policy/route.ts";
import { whyPassedOver } from "./filter-target.ts";
import { costCeiling, guardsFor, whyNotAllowedThere, whyTooDear } from "./guard-target.ts";
import type { PlanInput } from "./plan-input.ts";
import type { PlannedAttempt } from "./route-plan.ts";
import type { SeededDraws } from "./seeded-draws.ts";

const whole = 100;

/**
 * The copy of a planned call; null where it is not drawn, or where the shadow may not serve it. Everything that a target has to
 * promise the shadow has to promise too, and what a project with zero retention asks goes only where nothing is kept. Why a
 * drawn copy is not made is added to `because`.
 */
export function chooseShadow(
  input: PlanInput,
  first: PlannedAttempt,
  draws: SeededDraws,
  because: Reason[],
): PlannedAttempt | null {
  const { route, features, health, gatewayRegion, nowMs } = input;
  const { shadow } = route;
  if (shadow === undefined || first.routeId !== route.routeId) return null;
  const { connectionId, modelId, percent, groupId } = shadow;
  if (groupId !== undefined && !isInside(route, first.targetId, groupId)) return null;
  if (draws.below(whole) >= percent) return null;
  const connection = input.connectionsById.get(connectionId);
  const model = input.modelsById.get(modelId);
  if (connection === undefined || model === undefined) return null;
  if (first.connectionId === connectionId && first.modelId === modelId) return null;
  const label = `${connection.name} / ${model.providerModel}`;
  const target: Target = { targetId: `shadow of ${route.routeId}`, connectionId, modelId, weight: 1, enabled: true };
  const guards = guardsFor(route, route);
  const ceiling = costCeiling(guards, input.mostCostPicoUsd);
  const refusal =
    (input.keepsNothing === true && !connection.attributes.zeroRetention
      ? { why: "the project keeps nothing, and its connection does not promise to keep nothing" }
      : null) ??
    whyNotAllowedThere(connection.attributes, guards, gatewayRegion) ??
    (ceiling === null ? null : whyTooDear(connectionId, model, features, ceiling, nowMs)) ??
    whyPassedOver(target, connection, model, features, health, route);
  if (refusal !== null) {
    because.push({ code: "shadow_passed_over", text: `No copy went to the shadow ${label}: ${refusal.why}.` });
    return null;
  }
  because.push({
    code: "shadow_chosen",
    text: `A copy goes to the shadow ${label} once this call is answered: ${percent} % of the calls do. Nobody sees its answer.`,
  });
  return {
    targetId: target.targetId,
    connectionId,
    modelId,
    routeId: route.routeId,
    role: "shadow",
    timeouts: route.timeouts,
    contextWindow: model.contextWindow,
    label,
    ...(ceiling === null ? {} : { costCeilingPicoUsd: ceiling }),
  };
}

/** Whether a target is a member of the group, or of one inside of it. Groups nest a few deep, and the depth is bounded. */
function isInside({ targets, groups = [] }: Route, targetId: string, groupId: string): boolean {
  let inside = targets.find((target) => target.targetId === targetId)?.groupId;
  for (let depth = 0; inside !== undefined && depth <= groups.length; depth++) {
    if (inside === groupId) return true;
    inside = parentOf(groups, inside);
  }
  return false;
}

function parentOf(groups: readonly RouteGroup[], id: string): string | undefined {
  return groups.find(({ groupId }) => groupId === id)?.parentGroupId;
}
