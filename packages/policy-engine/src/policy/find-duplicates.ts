import type { PolicyProblem, PolicyProblemCode } from "./policy-problem.ts";
import type { PolicyRevision } from "./policy-revision.ts";

/** Names and ids that occur twice where they must tell things apart. The later one is reported. */
export function* findDuplicates(revision: PolicyRevision): Generator<PolicyProblem> {
  const { teams, projects, virtualKeys, connections, models, routes, quotas, gatewayFees = [] } = revision;
  yield* repeated(teams, "teams", "teamId", ({ teamId }) => teamId);
  yield* repeated(teams, "teams", "name", ({ name }) => name);
  yield* repeated(projects, "projects", "projectId", ({ projectId }) => projectId);
  yield* repeated(projects, "projects", "name", ({ teamId, name }) => JSON.stringify([teamId, name]));
  yield* repeated(virtualKeys, "virtualKeys", "virtualKeyId", ({ virtualKeyId }) => virtualKeyId);
  yield* repeated(virtualKeys, "virtualKeys", "publicId", ({ publicId }) => publicId);
  yield* repeated(connections, "connections", "connectionId", ({ connectionId }) => connectionId);
  yield* repeated(connections, "connections", "name", ({ name }) => name);
  yield* repeated(models, "models", "modelId", ({ modelId }) => modelId);
  yield* repeated(models, "models", "providerModel", (model) =>
    JSON.stringify([model.providerKind, model.providerModel]),
  );
  yield* repeated(routes, "routes", "routeId", ({ routeId }) => routeId);
  yield* repeated(routes, "routes", "name", ({ name }) => name);
  yield* repeated(quotas, "quotas", "quotaId", ({ quotaId }) => quotaId);
  yield* repeated(gatewayFees, "gatewayFees", "scopeId", ({ scopeType, scopeId }) => `${scopeType} ${scopeId}`);
  yield* repeatedAcross(
    connections.map(({ credentials }) => credentials),
    (outer, inner) => `connections[${outer}].credentials[${inner}].credentialId`,
    ({ credentialId }) => credentialId,
    "duplicate_id",
  );
  yield* repeatedAcross(
    routes.map(({ targets }) => targets),
    (outer, inner) => `routes[${outer}].targets[${inner}].targetId`,
    ({ targetId }) => targetId,
    "duplicate_id",
  );
  for (const [index, { groups = [] }] of routes.entries()) {
    yield* repeatedAcross(
      [groups],
      (_, inner) => `routes[${index}].groups[${inner}].groupId`,
      ({ groupId }) => groupId,
      "duplicate_id",
    );
  }
  yield* repeatedAcross(
    models.map(({ prices }) => prices),
    (outer, inner) => `models[${outer}].prices[${inner}].priceVersionId`,
    ({ priceVersionId }) => priceVersionId,
    "duplicate_id",
  );
  for (const [index, { targets }] of routes.entries()) {
    const keyOf = (target: (typeof targets)[number]): string => JSON.stringify([target.connectionId, target.modelId]);
    yield* repeatedAcross([targets], (_, inner) => `routes[${index}].targets[${inner}]`, keyOf, "duplicate_target");
  }
}

const codes: { readonly [field: string]: PolicyProblemCode } = {
  name: "duplicate_name",
  publicId: "duplicate_public_id",
  providerModel: "duplicate_model",
};

function repeated<Entry>(
  entries: readonly Entry[],
  list: string,
  field: string,
  keyOf: (entry: Entry) => string,
): Generator<PolicyProblem> {
  return repeatedAcross([entries], (_, inner) => `${list}[${inner}].${field}`, keyOf, codes[field] ?? "duplicate_id");
}

function* repeatedAcross<Entry>(
  lists: readonly (readonly Entry[])[],
  pathOf: (outer: number, inner: number) => string,
  keyOf: (entry: Entry) => string,
  code: PolicyProblemCode,
): Generator<PolicyProblem> {
  const firstPath = new Map<string, string>();
  for (const [outer, entries] of lists.entries()) {
    for (const [inner, entry] of entries.entries()) {
      const key = keyOf(entry);
      const path = pathOf(outer, inner);
      const first = firstPath.get(key);
      if (first === undefined) firstPath.set(key, path);
      else yield { path, code, message: `The same as ${first}; it must be unique.` };
    }
  }
}
