/** Why a draft's groups would be refused, each at the field that is to blame. The same checks run when it is published. */
import type { Clause } from "@switchyard/policy-engine/conditions/condition";
import { findGroupProblems } from "@switchyard/policy-engine/policy/find-group-problems";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { RouteDraft } from "./route-draft.ts";

export interface FieldProblem {
  /** As the API names it: `groups[0].when.clauses[1]`. */
  readonly path: string;
  readonly message: string;
}

export function groupProblemsOf(draft: RouteDraft): FieldProblem[] {
  const unfilled = draft.groups.flatMap((group, index) => [
    ...(group.name.trim() === "" ? [{ path: `groups[${index}].name`, message: "Give the group a name." }] : []),
    ...(group.when?.clauses ?? []).flatMap((clause, position) => {
      const message = whatIsMissing(clause);
      return message === null ? [] : [{ path: `groups[${index}].when.clauses[${position}]`, message }];
    }),
  ]);
  const route = routeOf(draft);
  const found = [...findGroupProblems({ routes: [route], connections: [] })].map(({ path, message }) => ({
    path: path.replace(/^routes\[0\]\./, ""),
    message,
  }));
  const isKnown = new Set(unfilled.map(({ path }) => path));
  return [...unfilled, ...found.filter(({ path }) => !isKnown.has(path))];
}

function whatIsMissing(clause: Clause): string | null {
  switch (clause.fact) {
    case "input_tokens":
    case "output_tokens_asked":
      return clause.atLeast === undefined && clause.atMost === undefined ? "Say how many at least or at most." : null;
    case "tag":
      if (clause.name === "") return "Name the tag.";
      return clause.anyOf.length === 0 ? "Give it at least one value." : null;
    case "team":
    case "project":
    case "virtual_key":
    case "user":
    case "session":
      return clause.anyOf.length === 0 ? "Choose at least one." : null;
    default:
      return null;
  }
}

/** As the engine sees it, as far as groups go. */
function routeOf(draft: RouteDraft): Route {
  return {
    routeId: "draft",
    name: draft.name,
    enabled: draft.enabled,
    strategy: draft.strategy,
    targets: draft.targets.map(({ key, connectionId, modelId, weight, enabled, groupId }) => ({
      targetId: key,
      connectionId,
      modelId,
      weight,
      enabled,
      ...(groupId === null ? {} : { groupId }),
    })),
    groups: [...draft.groups],
    fallbackRouteIds: [],
    allowedProjectIds: null,
    maxAttempts: draft.maxAttempts,
    timeouts: draft.timeouts,
    responseCache: { enabled: draft.cacheEnabled, ttlSeconds: draft.cacheTtlSeconds },
  };
}
