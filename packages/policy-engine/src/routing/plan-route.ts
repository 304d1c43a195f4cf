/**
 * Which targets to try for a call, and in which order: filters first, then the route's strategy, then its fallback
 * routes in the same manner. Pure, so that the gateway's decision, the dashboard's preview and a replay are one.
 */
import type { AttemptRole, Reason } from "@switchyard/metering/usage-event";
import { orderTargets } from "../strategies/registry.ts";
import type { Candidate } from "./candidate.ts";
import { arrangeRoute, type Arranging } from "./arrange-members.ts";
import { chooseShadow } from "./choose-shadow.ts";
import { costCeiling, guardsFor, whyDearerThanFirst } from "./guard-target.ts";
import { largerModel } from "./larger-model.ts";
import type { PlanInput } from "./plan-input.ts";
import { explainTrial, leastBad } from "./trial.ts";
import type { RequestFeatures } from "./request-features.ts";
import type { PlannedAttempt, RoutePlan } from "./route-plan.ts";
import { SeededDraws } from "./seeded-draws.ts";
import { whyNobody } from "./why-nobody.ts";

export type { PlanInput, PlannedAttempt, RequestFeatures, RoutePlan };

/**
 * Orders the targets that can serve a call. Never names a target that a filter has refused, nor one connection and
 * model twice; a fallback route is looked at only while attempts are left.
 */
export function planRoute(input: PlanInput): RoutePlan {
  const { route, health } = input;
  const attempts: PlannedAttempt[] = [];
  const because: Reason[] = [];
  let first: Candidate | null = null;
  const draws = new SeededDraws(input.seed);
  const facts: Arranging = { ...input, draws, planned: attempts, because, refusals: [], passed: [], resting: [] };
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
    const order = arrangeRoute(candidateRoute, count, facts);
    because.push(...order.because);
    for (const candidate of order.ordered) {
      const tooDear = first === null ? null : whyDearerThanFirst(candidate, first, input);
      if (tooDear !== null) {
        because.push({ code: tooDear.code, text: `Passed over ${candidate.label}: ${tooDear.why}.` });
        continue;
      }
      first ??= candidate;
      const trial = explainTrial(candidate, health);
      if (trial !== null) because.push(trial);
      attempts.push(attemptAt(candidate, attempts.length === 0 ? "first" : "fallback", input));
    }
  }
  if (attempts.length === 0 && facts.resting.length > 0) planOutOfNeed(facts, attempts);
  if (attempts.length === 0) {
    because.push({ code: "no_target", text: `No target of ${route.name} can serve this call.` });
    return { attempts, shadow: null, because, nobody: whyNobody(facts.refusals) };
  }
  const larger = first === null ? null : largerModel(first, facts);
  const [planned] = attempts;
  const shadow = planned === undefined ? null : chooseShadow(input, planned, draws, because);
  if (larger === null) return { attempts, shadow, because };
  return { attempts, largerModel: attemptAt(larger, "fallback", input), shadow, because };
}

/** Only circuits speak against what is left: a call that may succeed is better than one that is surely refused. */
function planOutOfNeed(facts: Arranging, attempts: PlannedAttempt[]): void {
  // The strategy has its say about what it would never use.
  const usable = facts.resting
    .filter(({ candidate, strategy }) => {
      const alone = { ...facts, candidates: [candidate], memberIds: [], count: 1 };
      return orderTargets(strategy, alone).ordered.length > 0;
    })
    .map(({ candidate }) => candidate);
  const chosen = leastBad(usable, facts.health);
  if (chosen === null) return;
  facts.because.push({
    code: "trial_out_of_need",
    text: `Trying ${chosen.label} all the same: of those that could serve this call it failed the least.`,
  });
  attempts.push(attemptAt(chosen, "first", facts));
}

function attemptAt(candidate: Candidate, role: AttemptRole, input: PlanInput): PlannedAttempt {
  const { route, target, model, label, tier, escalatesOn } = candidate;
  const ceiling = costCeiling(guardsFor(input.route, route), input.mostCostPicoUsd);
  return {
    targetId: target.targetId,
    connectionId: target.connectionId,
    modelId: target.modelId,
    routeId: route.routeId,
    role,
    timeouts: route.timeouts,
    contextWindow: model.contextWindow,
    label,
    ...(tier === undefined ? {} : { tier }),
    ...(escalatesOn === undefined ? {} : { escalatesOn }),
    ...(ceiling === null ? {} : { costCeilingPicoUsd: ceiling }),
  };
}
