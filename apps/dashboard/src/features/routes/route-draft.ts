/** The editor's state: a route as it would be published, what that changes, and why it cannot be published yet. */
import type { Route, RouteBody } from "@switchyard/api-contract/routes";
import {
  defaultRouteTimeouts,
  noResilience,
  routeNameSchema,
  type RouteResilience,
  type RouteTimeouts,
} from "@switchyard/policy-engine/policy/route";
import { goesByWeight } from "@switchyard/policy-engine/strategies/registry";
import { describeFollow, troubles } from "./after-failure.ts";
import { describeCondition } from "./condition.ts";
import { describeStrategy, type Strategy } from "./strategy.ts";

export interface TargetDraft {
  /** Stable within the editor; the server gives targets their ids. */
  readonly key: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly modelId: string;
  readonly providerModel: string;
  readonly weight: number;
  readonly enabled: boolean;
  /** Null: a member of the route itself. */
  readonly groupId: string | null;
}

export interface RouteDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly strategy: Strategy;
  readonly targets: readonly TargetDraft[];
  readonly groups: Route["groups"];
  readonly guards: Route["guards"];
  readonly fallbackRouteIds: readonly string[];
  readonly allowedProjectIds: readonly string[] | null;
  readonly maxAttempts: number;
  readonly timeouts: RouteTimeouts;
  readonly resilience: RouteResilience;
  readonly validation: Route["validation"];
  readonly shadow: Route["shadow"];
  readonly cacheEnabled: boolean;
  readonly cacheTtlSeconds: number;
}

export const emptyDraft: RouteDraft = {
  name: "",
  enabled: true,
  strategy: { type: "weighted" },
  targets: [],
  groups: [],
  guards: { mostCostUsd: null, mostPercentOfFirst: null, requires: {} },
  fallbackRouteIds: [],
  allowedProjectIds: null,
  maxAttempts: 3,
  timeouts: defaultRouteTimeouts,
  resilience: noResilience,
  validation: null,
  shadow: null,
  cacheEnabled: false,
  cacheTtlSeconds: 300,
};

export function draftOf(route: Route): RouteDraft {
  return {
    name: route.name,
    enabled: route.enabled,
    strategy: route.strategy,
    targets: route.targets.map((target) => ({
      key: target.id,
      connectionId: target.connectionId,
      connectionName: target.connectionName,
      modelId: target.modelId,
      providerModel: target.providerModel,
      weight: target.weight,
      enabled: target.enabled,
      groupId: target.groupId,
    })),
    groups: route.groups,
    guards: route.guards,
    fallbackRouteIds: route.fallbackRouteIds,
    allowedProjectIds: route.allowedProjectIds,
    maxAttempts: route.maxAttempts,
    timeouts: route.timeouts,
    resilience: route.resilience,
    validation: route.validation,
    shadow: route.shadow,
    cacheEnabled: route.responseCache.enabled,
    cacheTtlSeconds: route.responseCache.ttlSeconds,
  };
}

export function bodyOf(draft: RouteDraft): RouteBody {
  return {
    name: draft.name,
    enabled: draft.enabled,
    strategy: draft.strategy,
    targets: draft.targets.map(({ connectionId, modelId, weight, enabled, groupId }) => ({
      connectionId,
      modelId,
      weight,
      enabled,
      groupId,
    })),
    groups: draft.groups,
    guards: draft.guards,
    fallbackRouteIds: [...draft.fallbackRouteIds],
    allowedProjectIds: draft.allowedProjectIds === null ? null : [...draft.allowedProjectIds],
    maxAttempts: draft.maxAttempts,
    timeouts: draft.timeouts,
    resilience: draft.resilience,
    validation: draft.validation,
    shadow: draft.shadow,
    responseCache: { enabled: draft.cacheEnabled, ttlSeconds: draft.cacheTtlSeconds },
  };
}

/** Reasons why the server would refuse the draft; it checks again, and more. */
export function problemsOf(draft: RouteDraft): string[] {
  const problems: string[] = [];
  if (!routeNameSchema.safeParse(draft.name).success) {
    problems.push("Give the route a name: letters, digits and . _ : / @ - , beginning with a letter or digit.");
  }
  if (draft.targets.length === 0) problems.push("Add at least one target.");
  const live = draft.targets.filter((target) => target.enabled);
  if (draft.targets.length > 0 && live.length === 0) problems.push("Switch at least one target on.");
  if (
    goesByWeight(draft.strategy) &&
    draft.groups.length === 0 &&
    live.length > 0 &&
    live.every((target) => target.weight === 0)
  ) {
    problems.push("Give at least one target a weight above zero.");
  }
  if (draft.allowedProjectIds?.length === 0) problems.push("Choose the projects that may call it, or open it to all.");
  return problems;
}

export interface DraftChange {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

const onOff = (enabled: boolean): string => (enabled ? "on" : "off");
const nothing = "–";

/** What publishing the draft would change, in the words of the page. Names resolve ids. */
export function changesOf(before: RouteDraft, after: RouteDraft, nameOf: (id: string) => string): DraftChange[] {
  const names = (ids: readonly string[]): string => (ids.length === 0 ? "none" : ids.map(nameOf).join(", "));
  const projects = (ids: readonly string[] | null): string => (ids === null ? "every project" : names(ids));
  const rows: DraftChange[] = [
    { what: "Name", before: before.name || nothing, after: after.name },
    { what: "Route", before: onOff(before.enabled), after: onOff(after.enabled) },
    { what: "Strategy", before: describeStrategy(before.strategy), after: describeStrategy(after.strategy) },
    ...targetChanges(before, after),
    ...groupChanges(before, after, nameOf),
    { what: "Order of targets", before: keptOrder(before, after), after: keptOrder(after, before) },
    { what: "Fallback routes", before: names(before.fallbackRouteIds), after: names(after.fallbackRouteIds) },
    { what: "May be called by", before: projects(before.allowedProjectIds), after: projects(after.allowedProjectIds) },
    { what: "Price ceiling", before: ceilingOf(before), after: ceilingOf(after) },
    { what: "Required of targets", before: describeRequirements(before), after: describeRequirements(after) },
    { what: "Attempts", before: `${before.maxAttempts}`, after: `${after.maxAttempts}` },
    { what: "Connect timeout", before: `${before.timeouts.connectMs} ms`, after: `${after.timeouts.connectMs} ms` },
    {
      what: "First-byte timeout",
      before: `${before.timeouts.firstByteMs} ms`,
      after: `${after.timeouts.firstByteMs} ms`,
    },
    { what: "Idle timeout", before: `${before.timeouts.idleMs} ms`, after: `${after.timeouts.idleMs} ms` },
    { what: "Total timeout", before: `${before.timeouts.totalMs} ms`, after: `${after.timeouts.totalMs} ms` },
    ...latenessChanges(before.resilience, after.resilience),
    { what: "Answers", before: checksOf(before), after: checksOf(after) },
    { what: "Copies to a shadow", before: shadowOf(before, nameOf), after: shadowOf(after, nameOf) },
    { what: "Response cache", before: cacheOf(before), after: cacheOf(after) },
  ];
  return rows.filter((row) => row.before !== row.after);
}

function ceilingOf({ guards }: RouteDraft): string {
  const parts = [
    ...(guards.mostCostUsd === null ? [] : [`$${guards.mostCostUsd} an attempt`]),
    ...(guards.mostPercentOfFirst === null ? [] : [`${guards.mostPercentOfFirst} % of the first choice`]),
  ];
  return parts.join(", ") || "none";
}

function describeRequirements({ guards: { requires } }: RouteDraft): string {
  const parts = [
    requires.ownRegion ? "the gateway's own region" : "",
    requires.regions ? `region ${requires.regions.join(" or ")}` : "",
    requires.jurisdictions ? `jurisdiction ${requires.jurisdictions.join(" or ")}` : "",
    requires.zeroRetention ? "zero retention" : "",
    requires.noTraining ? "no training" : "",
  ].filter((part) => part !== "");
  return parts.join(", ") || "nothing";
}

function latenessChanges(before: RouteResilience, after: RouteResilience): DraftChange[] {
  const within = (objectiveMs: number | null): string => (objectiveMs === null ? "none" : `${objectiveMs} ms`);
  const hedging = ({ hedging: { enabled, mostPercentOfCalls } }: RouteResilience): string =>
    enabled ? `at most ${mostPercentOfCalls} % of calls` : "off";
  const waiting = ({ providerLimits }: RouteResilience): string =>
    providerLimits === undefined || providerLimits.waitAtMostMs === 0
      ? "none"
      : `${providerLimits.waitAtMostMs} ms, ${providerLimits.waitingAtMost} calls`;
  return [
    {
      what: "First token objective",
      before: within(before.latencyObjective.firstTokenMs),
      after: within(after.latencyObjective.firstTokenMs),
    },
    {
      what: "Whole answer objective",
      before: within(before.latencyObjective.wholeAnswerMs),
      after: within(after.latencyObjective.wholeAnswerMs),
    },
    { what: "Hedging", before: hedging(before), after: hedging(after) },
    { what: "Waiting for a provider's limit", before: waiting(before), after: waiting(after) },
    ...afterFailureChanges(before, after),
    { what: "Left out beside its peers", before: ejectionOf(before), after: ejectionOf(after) },
  ];
}

function afterFailureChanges(before: RouteResilience, after: RouteResilience): DraftChange[] {
  return troubles.map(({ trouble, label }) => ({
    what: `After: ${label.toLowerCase()}`,
    before: describeFollow(before, trouble),
    after: describeFollow(after, trouble),
  }));
}

function ejectionOf({ outlierEjection }: RouteResilience): string {
  if (outlierEjection === undefined) return "never";
  const { errorPointsAbovePeers, timesSlowerThanPeers, mostPercent, forSeconds } = outlierEjection;
  return [
    ...(errorPointsAbovePeers === null ? [] : [`${errorPointsAbovePeers} points more errors`]),
    ...(timesSlowerThanPeers === null ? [] : [`${timesSlowerThanPeers} times as slow`]),
    `at most ${mostPercent} % at a time`,
    `${forSeconds} s at first`,
  ].join(", ");
}

function checksOf({ validation }: RouteDraft): string {
  if (validation === null) return "passed on as they come";
  const { mode, buffered, refusals, mostBytes, whenTooLong } = validation;
  return [
    mode === "retry" ? "replaced where no good" : "observed",
    buffered ? "streams held back" : "streams passed on",
    ...(refusals ? ["refusals count"] : []),
    `up to ${mostBytes.toLocaleString("en-US")} bytes, longer ${whenTooLong === "refuse" ? "refused" : "passed on"}`,
  ].join(", ");
}

function shadowOf({ shadow, groups }: RouteDraft, nameOf: (id: string) => string): string {
  if (shadow === null) return "none";
  const group = groups.find(({ groupId }) => groupId === shadow.groupId);
  const of = group === undefined ? "calls" : `calls of ${group.name}`;
  return `${shadow.percent} % of ${of}, to ${nameOf(shadow.connectionId)}`;
}

function cacheOf(draft: RouteDraft): string {
  return draft.cacheEnabled ? `on, ${draft.cacheTtlSeconds} s` : "off";
}

const identity = (target: TargetDraft): string => `${target.connectionId} ${target.modelId}`;

/** The targets that both have, in the order of the first. */
function keptOrder({ targets }: RouteDraft, other: RouteDraft): string {
  const kept = new Set(other.targets.map(identity));
  return targets
    .filter((target) => kept.has(identity(target)))
    .map((target) => `${target.connectionName} / ${target.providerModel}`)
    .join(", ");
}

function targetChanges(before: RouteDraft, after: RouteDraft): DraftChange[] {
  const describe = ({ groups }: RouteDraft, target: TargetDraft | undefined): string => {
    if (target === undefined) return nothing;
    const group = groups.find(({ groupId }) => groupId === target.groupId);
    return `weight ${target.weight}${target.enabled ? "" : ", off"}${group === undefined ? "" : `, in ${group.name}`}`;
  };
  const old = new Map(before.targets.map((target) => [identity(target), target]));
  const now = new Map(after.targets.map((target) => [identity(target), target]));
  return [...new Map([...old, ...now])].map(([key, target]) => ({
    what: `${target.connectionName} / ${target.providerModel}`,
    before: describe(before, old.get(key)),
    after: describe(after, now.get(key)),
  }));
}

function groupChanges(before: RouteDraft, after: RouteDraft, nameOf: (id: string) => string): DraftChange[] {
  const describe = ({ groups }: RouteDraft, groupId: string): string => {
    const group = groups.find((candidate) => candidate.groupId === groupId);
    if (group === undefined) return nothing;
    const around = groups.find((candidate) => candidate.groupId === group.parentGroupId);
    const parts = [
      group.name,
      describeStrategy(group.strategy),
      `for ${describeCondition(group.when, nameOf)}`,
      `weight ${group.weight}`,
      ...(around === undefined ? [] : [`in ${around.name}`]),
      ...(group.enabled ? [] : ["off"]),
    ];
    return parts.join(", ");
  };
  const ids = new Set([...before.groups, ...after.groups].map(({ groupId }) => groupId));
  return [...ids].map((groupId) => ({
    what: `Group ${[...after.groups, ...before.groups].find((group) => group.groupId === groupId)?.name ?? ""}`,
    before: describe(before, groupId),
    after: describe(after, groupId),
  }));
}
