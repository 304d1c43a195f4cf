import { findContradictions, type PlacedClause } from "../conditions/find-contradictions.ts";
import { brokenRequirement } from "../routing/guard-target.ts";
import { goesByWeight, stopsAtFirstMatch, type Strategy } from "../strategies/registry.ts";
import { isTimeZone } from "./find-quota-problems.ts";
import type { PolicyProblem } from "./policy-problem.ts";
import type { ConnectionAttributes, PolicyRevision } from "./policy-revision.ts";
import type { Route, RouteGroup } from "./route.ts";

const deepest = 8;

/** Groups that lead nowhere, never apply or could never choose, and requirements that no target of a route meets. */
export function* findGroupProblems({
  routes,
  connections,
}: Pick<PolicyRevision, "routes" | "connections">): Generator<PolicyProblem> {
  const attributes = new Map(connections.map((connection) => [connection.connectionId, connection.attributes]));
  for (const [index, route] of routes.entries()) {
    const path = `routes[${index}]`;
    yield* findNestingProblems(route, path);
    yield* findMemberProblems(route, path);
    yield* findConditionProblems(route, path);
    yield* findFollowProblems(route, path);
    yield* findEjectionProblems(route, path);
    yield* findShadowProblems(route, attributes, path);
    const requires = route.guards?.requires;
    const live = route.targets.filter(({ enabled }) => enabled);
    if (!route.enabled || requires === undefined || live.length === 0) continue;
    const unmet = live.every(({ connectionId }) => {
      const promised = attributes.get(connectionId);
      // Which region a gateway is in, it knows itself.
      return promised !== undefined && brokenRequirement(promised, { ...requires, ownRegion: false }, null) !== null;
    });
    if (unmet) {
      const message = `No target of route ${route.name} is on a connection that promises what is required.`;
      yield { path: `${path}.guards.requires`, code: "requirements_unmet", message };
    }
  }
}

/** A rule that a strategy of the route contradicts. */
function* findFollowProblems({ strategy, groups = [], resilience }: Route, path: string): Generator<PolicyProblem> {
  if (resilience?.afterFailure?.invalidAnswer !== "stop") return;
  if (![strategy, ...groups.map((group) => group.strategy)].some(({ type }) => type === "cascade")) return;
  const message =
    "A cascade asks its next tier after an answer that is not good enough; a route with one cannot stop there.";
  yield { path: `${path}.resilience.afterFailure.invalidAnswer`, code: "contradictory_settings", message };
}

/** A shadow of a group that is not there, or that could never get a copy. */
function* findShadowProblems(
  { shadow, groups = [], guards }: Route,
  attributes: ReadonlyMap<string, ConnectionAttributes>,
  path: string,
): Generator<PolicyProblem> {
  if (shadow === undefined) return;
  const { groupId, connectionId } = shadow;
  if (groupId !== undefined && !groups.some((group) => group.groupId === groupId)) {
    yield { path: `${path}.shadow.groupId`, code: "unknown_group", message: "There is no such group." };
  }
  const promised = attributes.get(connectionId);
  if (promised === undefined || guards?.requires === undefined) return;
  if (brokenRequirement(promised, { ...guards.requires, ownRegion: false }, null) === null) return;
  const message = "The shadow's connection does not promise what the route requires, so it would never get a copy.";
  yield { path: `${path}.shadow.connectionId`, code: "requirements_unmet", message };
}

/** A share that comes to no target at all, or a rule that looks at nothing. */
function* findEjectionProblems(route: Route, path: string): Generator<PolicyProblem> {
  const rule = route.resilience?.outlierEjection;
  if (rule === undefined) return;
  const at = `${path}.resilience.outlierEjection`;
  if (rule.errorPointsAbovePeers === null && rule.timesSlowerThanPeers === null) {
    const message = "Targets are compared by nothing: set a distance in errors, in time, or both.";
    yield { path: at, code: "contradictory_settings", message };
  }
  const live = route.targets.filter(({ enabled }) => enabled);
  const sizes = [...Map.groupBy(live, ({ groupId }) => groupId).values()].map(({ length }) => length);
  const largest = Math.max(0, ...sizes);
  if (!route.enabled || Math.floor((largest * rule.mostPercent) / 100) >= 1) return;
  const message = `${rule.mostPercent} % of ${largest} targets side by side is none, so none could ever be left out.`;
  yield { path: `${at}.mostPercent`, code: "contradictory_settings", message };
}

function* findNestingProblems({ targets, groups = [] }: Route, path: string): Generator<PolicyProblem> {
  const byId = new Map(groups.map((group) => [group.groupId, group]));
  for (const [index, { groupId }] of targets.entries()) {
    if (groupId === undefined || byId.has(groupId)) continue;
    yield { path: `${path}.targets[${index}].groupId`, code: "unknown_group", message: "There is no such group." };
  }
  for (const [index, group] of groups.entries()) {
    const at = `${path}.groups[${index}].parentGroupId`;
    const around = ancestorsOf(group, byId);
    if (group.parentGroupId !== undefined && !byId.has(group.parentGroupId)) {
      yield { path: at, code: "unknown_group", message: "There is no such group." };
    } else if (around === null) {
      yield { path: at, code: "group_cycle", message: `Group ${group.name} is inside of itself.` };
    } else if (around.length >= deepest) {
      yield { path: at, code: "groups_too_deep", message: `Groups nest at most ${deepest} deep.` };
    }
  }
}

/** From the inside out; null where they go round in a circle. */
function ancestorsOf(group: RouteGroup, byId: ReadonlyMap<string, RouteGroup>): RouteGroup[] | null {
  const around: RouteGroup[] = [];
  let parent = group.parentGroupId === undefined ? undefined : byId.get(group.parentGroupId);
  while (parent !== undefined) {
    if (parent === group || around.includes(parent)) return null;
    around.push(parent);
    parent = parent.parentGroupId === undefined ? undefined : byId.get(parent.parentGroupId);
  }
  return around;
}

function* findMemberProblems(route: Route, path: string): Generator<PolicyProblem> {
  const { groups = [] } = route;
  yield* findStrategyProblems(route, undefined, route.strategy, `${path}.strategy`, `route ${route.name}`);
  for (const [index, { groupId, name, enabled, strategy }] of groups.entries()) {
    const at = `${path}.groups[${index}]`;
    const members = membersIn(route, groupId);
    if (members.length === 0) {
      yield { path: at, code: "empty_group", message: `Group ${name} has no members.` };
    } else if (route.enabled && enabled && goesByWeight(strategy) && members.every((member) => member.weight === 0)) {
      const message = `The weights in group ${name} sum to zero, so nothing would ever be chosen.`;
      yield { path: at, code: "weights_sum_to_zero", message };
    }
    yield* findStrategyProblems(route, groupId, strategy, `${at}.strategy`, `group ${name}`);
  }
}

function membersIn({ targets, groups = [] }: Route, groupId: string | undefined) {
  return [
    ...targets.filter((target) => target.groupId === groupId && target.enabled),
    ...groups.filter((group) => group.parentGroupId === groupId),
  ];
}

function* findStrategyProblems(
  route: Route,
  groupId: string | undefined,
  strategy: Strategy,
  path: string,
  where: string,
): Generator<PolicyProblem> {
  if (strategy.type === "canary") {
    if (membersIn(route, groupId).length < 2) {
      const message = `A canary needs another member beside it in ${where}.`;
      yield { path, code: "too_few_members", message };
    }
    if (strategy.ramp !== undefined && strategy.ramp.toMs <= strategy.ramp.fromMs) {
      yield { path: `${path}.ramp.toMs`, code: "contradictory_settings", message: "The ramp ends before it begins." };
    }
  }
  if (strategy.type === "cascade" && membersIn(route, groupId).length < 2) {
    const message = `A cascade needs a second tier to go on to in ${where}.`;
    yield { path, code: "too_few_members", message };
  }
  if (strategy.type === "complexity") {
    const tiers = strategy.boundaries.length + 1;
    const members = membersIn(route, groupId).length;
    if (members !== tiers) {
      const message = `${strategy.boundaries.length} boundaries make ${tiers} tiers, and there are ${members} members in ${where}.`;
      yield { path: `${path}.boundaries`, code: "contradictory_settings", message };
    }
    const falling = strategy.boundaries.findIndex((boundary, index, all) => boundary <= (all[index - 1] ?? -1));
    if (falling >= 0) {
      const message = "Boundaries rise from one tier to the next.";
      yield { path: `${path}.boundaries[${falling}]`, code: "contradictory_settings", message };
    }
  }
  if (!stopsAtFirstMatch(strategy)) return;
  const { groups = [] } = route;
  const unconditional = groups.findIndex(
    ({ parentGroupId, when, enabled }) => parentGroupId === groupId && enabled && when === undefined,
  );
  const later = groups.findIndex(
    ({ parentGroupId }, index) => parentGroupId === groupId && unconditional >= 0 && index > unconditional,
  );
  if (later < 0) return;
  const message = `Group ${groups[unconditional]?.name ?? ""} before it is for every call, so this one never gets any.`;
  yield { path: `${routePath(path)}.groups[${later}]`, code: "unreachable_member", message };
}

function routePath(path: string): string {
  return path.slice(0, path.indexOf("]") + 1);
}

function* findConditionProblems({ groups = [] }: Route, path: string): Generator<PolicyProblem> {
  const byId = new Map(groups.map((group) => [group.groupId, group]));
  const indexOf = new Map(groups.map((group, index) => [group, index]));
  const placedIn = (group: RouteGroup): PlacedClause[] =>
    (group.when?.clauses ?? []).map((clause, index) => ({
      clause,
      path: `${path}.groups[${indexOf.get(group) ?? 0}].when.clauses[${index}]`,
    }));
  for (const group of groups) {
    const own = placedIn(group);
    for (const { clause, path: at } of own) {
      if (clause.fact !== "time_of_day" || isTimeZone(clause.timeZone)) continue;
      const message = `"${clause.timeZone}" is not a time zone of the IANA database, such as Europe/Berlin.`;
      yield { path: `${at}.timeZone`, code: "invalid_time_zone", message };
    }
    // What must hold for the groups around it must hold too.
    const outer = (ancestorsOf(group, byId) ?? []).filter(({ when }) => when?.match === "all").toReversed();
    const around = outer.flatMap(placedIn);
    const lists = group.when?.match === "any" ? own.map((clause) => [...around, clause]) : [[...around, ...own]];
    const ownPaths = new Set(own.map((placed) => placed.path));
    for (const list of lists) {
      for (const { path: at, message } of findContradictions(list)) {
        if (ownPaths.has(at)) yield { path: at, code: "contradictory_conditions", message };
      }
    }
  }
}
