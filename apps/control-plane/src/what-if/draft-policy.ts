import type { RouteBody, routeBody } from "@switchyard/api-contract/routes";
import type { PolicyRevision } from "@switchyard/policy-engine/policy/policy-revision";
import { defaultRouteTimeouts, type Route } from "@switchyard/policy-engine/policy/route";
import { validatePolicyRevision } from "@switchyard/policy-engine/policy/validate-policy";
import { providerKindRules } from "@switchyard/providers/registry";
import type { z } from "zod";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { locateProblems } from "../policy-revisions/locate-problems.ts";
import { guardsOf } from "../routes/present-route.ts";

const draftRouteId = "draft";

/** A policy in which one route is what somebody is about to publish. */
export interface DraftPolicy {
  readonly revision: PolicyRevision;
  readonly route: Route;
}

/** Puts the draft in the place of the published route, or beside the others. Throws `invalid_policy` as publishing would. */
export function draftPolicy(
  published: PolicyRevision,
  routeId: string | null,
  body: z.output<typeof routeBody>,
): DraftPolicy {
  const before = published.routes.find((route) => route.routeId === routeId);
  const route = routeOf(routeId ?? draftRouteId, body, before);
  const routes =
    before === undefined
      ? [...published.routes, route]
      : published.routes.map((each) => (each === before ? route : each));
  const candidate = { ...published, routes };
  const validation = validatePolicyRevision(candidate, providerKindRules);
  if (!validation.ok) {
    const edited = { action: "route.changed", resourceType: "route", resourceId: route.routeId } as const;
    throw new ControlPlaneError("invalid_policy", { problems: locateProblems(validation.problems, candidate, edited) });
  }
  return { revision: validation.revision, route };
}

function routeOf(routeId: string, body: z.output<typeof routeBody>, before: Route | undefined): Route {
  const { groups, guards: asked, timeouts, validation, shadow, ...settings } = body;
  const guards = guardsOf(asked);
  return {
    ...settings,
    routeId,
    targets: body.targets.map(({ groupId, ...target }, index) => ({
      ...target,
      targetId: keptTargetId(before, target) ?? `${draftRouteId}-${index}`,
      ...(groupId === null ? {} : { groupId }),
    })),
    ...(groups.length === 0 ? {} : { groups }),
    ...(guards === undefined ? {} : { guards }),
    ...(validation === null ? {} : { validation }),
    ...(shadow === null ? {} : { shadow }),
    timeouts: timeouts ?? before?.timeouts ?? defaultRouteTimeouts,
  };
}

/** Strategies that assign by key hash the target's id, so one that stays has to keep it. */
function keptTargetId(before: Route | undefined, target: RouteBody["targets"][number]): string | undefined {
  return before?.targets.find(
    ({ connectionId, modelId }) => connectionId === target.connectionId && modelId === target.modelId,
  )?.targetId;
}
