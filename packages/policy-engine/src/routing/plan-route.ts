/**
 * Which targets to try for a call, and in which order: filters first, then the route's strategy, then its fallback
 * routes in the same manner. Pure, so that the gateway's decision, the dashboard's preview and a replay are one.
 */
import type { AttemptRole, Reason } from "@switchyard/metering/usage-event";
import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { Route, Target } from "../policy/route.ts";
import { orderTargets } from "../strategies/registry.ts";
import type { OrderingInput } from "../strategies/strategy.ts";
import type { Candidate } from "./candidate.ts";
import { type HealthFacts, type Refusal, whyPassedOver } from "./filter-target.ts";
import { explainTrial, leastBad } from "./trial.ts";
import type { RequestFeatures } from "./request-features.ts";
import type { PlannedAttempt, RoutePlan } from "./route-plan.ts";
import { SeededDraws } from "./seeded-draws.ts";

export type { PlannedAttempt, RequestFeatures, RoutePlan };

export interface PlanInput {
  readonly route: Route;
  /** The routes of `route.fallbackRouteIds`, in that order. Their own fallbacks are not followed. */
  readonly fallbackRoutes: readonly Route[];
  readonly connectionsById: ReadonlyMap<string, PolicyConnection>;
  readonly modelsById: ReadonlyMap<string, PolicyModel>;
  readonly features: RequestFeatures;
  readonly health: HealthFacts;
  readonly nowMs: number;
  /** Any 32-bit number, drawn anew for every call; the same input and seed give the same plan. */
  readonly seed: number;
}

/**
 * Orders the targets that can serve a call. Never names a target that a filter has refused, nor one connection and
 * model twice; a fallback route is looked at only while attempts are left.
 */
export function planRoute(input: PlanInput): RoutePlan {
  const { route } = input;
  const attempts: PlannedAttempt[] = [];
  const because: Reason[] = [];
  const { features, health, nowMs } = input;
  const facts = { features, health, nowMs, draws: new SeededDraws(input.seed) };
  const resting: Candidate[] = [];
  for (const candidateRoute of [route, ...input.fallbackRoutes]) {
    const count = route.maxAttempts - attempts.length;
    if (count <= 0) break;
    if (candidateRoute !== route) {
      if (!candidateRoute.enabled) {
        because.push({
          code: "fallback_disabled",
          text: `Passed over fallback ${candidateRoute.name}: it is switched off.`,
        });
        continue;
      }
      because.push({ code: "fallback_route", text: `Then the targets of fallback ${candidateRoute.name}.` });
    }
    const candidates = filterTargets(candidateRoute, input, attempts, because, resting);
    const order = orderTargets(candidateRoute.strategy, { ...facts, candidates, count });
    because.push(...order.because);
    for (const candidate of order.ordered) {
      const trial = explainTrial(candidate, health);
      if (trial !== null) because.push(trial);
      attempts.push(attemptAt(candidate, attempts.length === 0 ? "first" : "fallback"));
    }
  }
  if (attempts.length === 0 && resting.length > 0) planOutOfNeed(resting, facts, attempts, because);
  if (attempts.length === 0) {
    because.push({ code: "no_target", text: `No target of ${route.name} can serve this call.` });
  }
  return { attempts, shadow: null, because };
}

/** Only circuits speak against what is left: a call that may succeed is better than one that is surely refused. */
function planOutOfNeed(
  resting: readonly Candidate[],
  facts: Omit<OrderingInput, "candidates" | "count">,
  attempts: PlannedAttempt[],
  because: Reason[],
): void {
  // The strategy has its say about what it would never use.
  const usable = resting.filter((candidate) => {
    return orderTargets(candidate.route.strategy, { ...facts, candidates: [candidate], count: 1 }).ordered.length > 0;
  });
  const chosen = leastBad(usable, facts.health);
  if (chosen === null) return;
  because.push({
    code: "trial_out_of_need",
    text: `Trying ${chosen.label} all the same: of those that could serve this call it failed the least.`,
  });
  attempts.push(attemptAt(chosen, "first"));
}

function filterTargets(
  route: Route,
  { connectionsById, modelsById, features, health }: PlanInput,
  planned: readonly PlannedAttempt[],
  because: Reason[],
  resting: Candidate[],
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const target of route.targets) {
    const connection = connectionsById.get(target.connectionId);
    const model = modelsById.get(target.modelId);
    if (connection === undefined || model === undefined) {
      because.push({
        code: "target_dangling",
        text: `Passed over target ${target.targetId}: it names nothing that exists.`,
      });
      continue;
    }
    const label = `${connection.name} / ${model.providerModel}`;
    const candidate: Candidate = { route, target, connection, model, label };
    const refusal: Refusal | null = isPlanned(target, planned)
      ? { code: "already_planned", why: "it is in the plan already" }
      : whyPassedOver(target, connection, model, features, health);
    if (refusal === null) {
      candidates.push(candidate);
      continue;
    }
    if (refusal.isCircuit) resting.push(candidate);
    because.push({ code: refusal.code, text: `Passed over ${label}: ${refusal.why}.` });
  }
  return candidates;
}

/** A fallback route may share targets with the route: what has just failed is not worth a second try. */
function isPlanned({ connectionId, modelId }: Target, planned: readonly PlannedAttempt[]): boolean {
  return planned.some((attempt) => attempt.connectionId === connectionId && attempt.modelId === modelId);
}

function attemptAt({ route, target, model, label }: Candidate, role: AttemptRole): PlannedAttempt {
  return {
    targetId: target.targetId,
    connectionId: target.connectionId,
    modelId: target.modelId,
    routeId: route.routeId,
    role,
    timeouts: route.timeouts,
    contextWindow: model.contextWindow,
    label,
  };
}
