import type { QuotaScopeType } from "@switchyard/metering/quota";
import type { PolicyProblem } from "./policy-problem.ts";
import type { PolicyRevision } from "./policy-revision.ts";

/** References to what the revision does not contain. Users, sessions and tags are literal values, so they cannot dangle. */
export function* findDanglingReferences(revision: PolicyRevision): Generator<PolicyProblem> {
  const teamIds = new Set(revision.teams.map(({ teamId }) => teamId));
  const projectIds = new Set(revision.projects.map(({ projectId }) => projectId));
  const connectionIds = new Set(revision.connections.map(({ connectionId }) => connectionId));
  const modelIds = new Set(revision.models.map(({ modelId }) => modelId));
  const routeIds = new Set(revision.routes.map(({ routeId }) => routeId));

  for (const [index, { teamId }] of revision.projects.entries()) {
    if (!teamIds.has(teamId)) yield dangling(`projects[${index}].teamId`, "team");
  }
  for (const [
    index,
    { projectId, allowedRouteIds, passthroughConnectionIds = null },
  ] of revision.virtualKeys.entries()) {
    if (!projectIds.has(projectId)) yield dangling(`virtualKeys[${index}].projectId`, "project");
    yield* missing(allowedRouteIds, routeIds, `virtualKeys[${index}].allowedRouteIds`, "route");
    yield* missing(
      passthroughConnectionIds,
      connectionIds,
      `virtualKeys[${index}].passthroughConnectionIds`,
      "connection",
    );
  }
  for (const [index, { prices }] of revision.models.entries()) {
    for (const [version, { connectionId }] of prices.entries()) {
      if (connectionId !== null && !connectionIds.has(connectionId)) {
        yield dangling(`models[${index}].prices[${version}].connectionId`, "connection");
      }
    }
  }
  for (const [index, route] of revision.routes.entries()) {
    for (const [position, { connectionId, modelId }] of route.targets.entries()) {
      const path = `routes[${index}].targets[${position}]`;
      if (!connectionIds.has(connectionId)) yield dangling(`${path}.connectionId`, "connection");
      if (!modelIds.has(modelId)) yield dangling(`${path}.modelId`, "model");
    }
    const { shadow } = route;
    if (shadow !== undefined) {
      const path = `routes[${index}].shadow`;
      if (!connectionIds.has(shadow.connectionId)) yield dangling(`${path}.connectionId`, "connection");
      if (!modelIds.has(shadow.modelId)) yield dangling(`${path}.modelId`, "model");
    }
    yield* missing(route.fallbackRouteIds, routeIds, `routes[${index}].fallbackRouteIds`, "route");
    yield* missing(route.allowedProjectIds, projectIds, `routes[${index}].allowedProjectIds`, "project");
  }
  const scopes: { readonly [type in QuotaScopeType]?: ReadonlySet<string> } = {
    organisation: new Set([revision.organisation.organisationId]),
    team: teamIds,
    project: projectIds,
    virtual_key: new Set(revision.virtualKeys.map(({ virtualKeyId }) => virtualKeyId)),
    route: routeIds,
    connection: connectionIds,
  };
  for (const [index, { scopeType, scopeId }] of revision.quotas.entries()) {
    if (scopes[scopeType]?.has(scopeId) === false) {
      yield dangling(`quotas[${index}].scopeId`, scopeType.replace("_", " "));
    }
  }
  for (const [index, { scopeType, scopeId }] of (revision.gatewayFees ?? []).entries()) {
    if (scopes[scopeType]?.has(scopeId) === false) {
      yield dangling(`gatewayFees[${index}].scopeId`, scopeType.replace("_", " "));
    }
  }
}

function* missing(
  ids: readonly string[] | null,
  known: ReadonlySet<string>,
  path: string,
  what: string,
): Generator<PolicyProblem> {
  for (const [index, id] of (ids ?? []).entries()) if (!known.has(id)) yield dangling(`${path}[${index}]`, what);
}

function dangling(path: string, what: string): PolicyProblem {
  return { path, code: "dangling_reference", message: `There is no such ${what}.` };
}
