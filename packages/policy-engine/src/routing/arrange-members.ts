/** Puts a route's targets in order: filters, then the strategy of each group from the inside out. */
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import type { Reason } from "@switchyard/metering/usage-event";
import { whyNotFor } from "../conditions/holds.ts";
import type { Route, RouteGroup, RouteGuards, Target } from "../policy/route.ts";
import { orderTargets, stopsAtFirstMatch, type Strategy } from "../strategies/registry.ts";
import type { Candidate } from "./candidate.ts";
import { type Refusal, whyPassedOver } from "./filter-target.ts";
import { costCeiling, guardsFor, whyNotAllowedThere, whyTooDear } from "./guard-target.ts";
import type { PassedTarget } from "./larger-model.ts";
import { type Member, memberIdsOf, membersOf } from "./member-tree.ts";
import type { PlanInput } from "./plan-input.ts";
import type { PlannedAttempt } from "./route-plan.ts";
import type { SeededDraws } from "./seeded-draws.ts";

export interface Arranging extends PlanInput {
  readonly draws: SeededDraws;
  readonly planned: readonly PlannedAttempt[];
  /** Why targets and groups were passed over is added here. */
  readonly because: Reason[];
  /** Why targets were passed over is added here too, for the case that none is left. */
  readonly refusals: Refusal[];
  /** Targets that nothing speaks against are added here. */
  readonly passed: PassedTarget[];
  /** Targets that only a circuit speaks against are added here, with the strategy that they would be chosen by. */
  readonly resting: PassedTarget[];
}

interface Arrangement {
  /** Targets, none twice. */
  readonly ordered: readonly Candidate[];
  readonly because: readonly Reason[];
}

/** At most `count` of the route's targets, best first. */
export function arrangeRoute(route: Route, count: number, facts: Arranging): Arrangement {
  const guards = guardsFor(facts.route, route);
  const ceiling = costCeiling(guards, facts.mostCostPicoUsd);
  return arrange(membersOf(route), route.strategy, { route, count, guards, ceiling, facts });
}

interface Context {
  readonly route: Route;
  readonly count: number;
  readonly guards: readonly RouteGuards[];
  readonly ceiling: PicoUsd | null;
  readonly facts: Arranging;
}

function arrange(members: readonly Member[], strategy: Strategy, context: Context): Arrangement {
  const { count, facts } = context;
  const candidates: Candidate[] = [];
  /** By the group's id. */
  const insides = new Map<string, Arrangement>();
  for (const member of members) {
    if (member.group === undefined) {
      const candidate = candidateOf(member.target, strategy, context);
      if (candidate !== null) candidates.push(candidate);
      if (!member.target.enabled) continue;
    } else {
      const passed = whyGroupPassedOver(member.group, facts);
      if (passed !== null) {
        facts.because.push(passed);
        continue;
      }
      const inside = arrange(member.members, member.group.strategy, context);
      const [first] = inside.ordered;
      if (first !== undefined) {
        const { groupId, name, weight } = member.group;
        const candidate = { ...first, memberId: groupId, weight, label: `group ${name}` };
        candidates.push(candidate);
        insides.set(groupId, inside);
      }
    }
    if (stopsAtFirstMatch(strategy)) break;
  }
  const order = orderTargets(strategy, { ...facts, candidates, memberIds: memberIdsOf(members), count });
  return insides.size === 0 ? order : flatten(order, insides, count);
}

function flatten(order: Arrangement, insides: ReadonlyMap<string, Arrangement>, count: number): Arrangement {
  const ordered: Candidate[] = [];
  const because = [...order.because];
  for (const candidate of order.ordered) {
    if (ordered.length >= count) break;
    const { memberId, target } = candidate;
    const inside = memberId === target.targetId ? undefined : insides.get(memberId);
    if (inside === undefined) ordered.push(candidate);
    else {
      ordered.push(...ofTier(candidate, inside.ordered.slice(0, count - ordered.length)));
      because.push(...inside.because.map(({ code, text }) => ({ code, text: `In ${candidate.label}: ${text}` })));
    }
  }
  return { ordered, because };
}

/** What stands in a group stands in the group's tier; the tiers of a cascade inside of it are one to those outside. */
function ofTier({ tier, escalatesOn }: Candidate, inside: readonly Candidate[]): readonly Candidate[] {
  return tier === undefined ? inside : inside.map((candidate) => ({ ...candidate, tier, escalatesOn }));
}

function whyGroupPassedOver({ enabled, name, when }: RouteGroup, facts: Arranging): Reason | null {
  if (!enabled) return { code: "group_disabled", text: `Passed over group ${name}: it is switched off.` };
  const why = when === undefined ? null : whyNotFor(when, facts);
  return why === null ? null : { code: "condition_unmet", text: `Passed over group ${name}: ${why}.` };
}

function candidateOf(target: Target, strategy: Strategy, { route, guards, ceiling, facts }: Context): Candidate | null {
  const { because, planned, features, health, nowMs, gatewayRegion } = facts;
  const connection = facts.connectionsById.get(target.connectionId);
  const model = facts.modelsById.get(target.modelId);
  if (connection === undefined || model === undefined) {
    const text = `Passed over target ${target.targetId}: it names nothing that exists.`;
    because.push({ code: "target_dangling", text });
    return null;
  }
  const label = `${connection.name} / ${model.providerModel}`;
  const { targetId: memberId, weight } = target;
  const candidate: Candidate = { memberId, weight, route, target, connection, model, label };
  const refusal: Refusal | null = isPlanned(target, planned)
    ? { code: "already_planned", why: "it is in the plan already" }
    : (whyNotAllowedThere(connection.attributes, guards, gatewayRegion) ??
      (ceiling === null ? null : whyTooDear(target.connectionId, model, features, ceiling, nowMs)) ??
      whyPassedOver(target, connection, model, features, health, facts.route));
  if (refusal === null) {
    facts.passed.push({ candidate, strategy });
    return candidate;
  }
  facts.refusals.push(refusal);
  if (refusal.isCircuit) facts.resting.push({ candidate, strategy });
  because.push({ code: refusal.code, text: `Passed over ${label}: ${refusal.why}.` });
  return null;
}

/** A fallback route may share targets with the route: what has just failed is not worth a second try. */
function isPlanned({ connectionId, modelId }: Target, planned: readonly PlannedAttempt[]): boolean {
  return planned.some((attempt) => attempt.connectionId === connectionId && attempt.modelId === modelId);
}
