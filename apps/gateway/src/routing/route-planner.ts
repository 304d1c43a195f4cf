import { costWithinTotal } from "@switchyard/metering/gateway-fee";
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import type { Attribution } from "@switchyard/metering/usage-event";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { PromptSample } from "@switchyard/policy-engine/classification/classification";
import { needsTask } from "@switchyard/policy-engine/classification/needs-task";
import { classify } from "@switchyard/policy-engine/classification/registry";
import { planRoute, type RequestFeatures, type RoutePlan } from "@switchyard/policy-engine/routing/plan-route";
import { feeOfCall } from "../admission/fee-of-call.ts";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { TaskPerformance } from "../performance/task-performance.ts";
import { errorOfNobody } from "./error-of-nobody.ts";
import type { HealthMap } from "./health-map.ts";
import { readCostCeiling } from "./read-cost-ceiling.ts";

/** Collects what planning may know and asks the engine for a plan. */
export class RoutePlanner {
  readonly #health: HealthMap;
  readonly #performance: TaskPerformance;
  readonly #region: string | null;

  /** `region`: where this gateway runs; null where nobody told it. */
  constructor(health: HealthMap, performance: TaskPerformance, region: string | null) {
    this.#health = health;
    this.#performance = performance;
    this.#region = region;
  }

  /**
   * Throws `invalid_header`, and what `errorOfNobody` says where no target can answer. `readPrompt` is asked only where a
   * strategy goes by what the prompt asks for.
   */
  plan(
    call: Call,
    policy: ActivePolicy,
    route: Route,
    features: RequestFeatures,
    readPrompt: (() => PromptSample) | null = null,
  ): RoutePlan {
    const caller = call.attribution;
    if (caller === null) throw new Error("a call is planned before anybody knows whose it is");
    const fallbackRoutes = fallbackRoutesOf(route, policy);
    const goesByTask = needsTask(route) || fallbackRoutes.some(needsTask);
    const plan = planRoute({
      route,
      fallbackRoutes,
      connectionsById: policy.connectionsById,
      modelsById: policy.modelsById,
      features: goesByTask && readPrompt !== null ? withTask(call, features, readPrompt()) : features,
      caller,
      mostCostPicoUsd: providersPart(readCostCeiling(call.request), policy, caller, route),
      keepsNothing: policy.zeroRetentionProjects.has(caller.projectId),
      gatewayRegion: this.#region,
      health: this.#health.facts(),
      performance: this.#performance,
      nowMs: Date.now(),
      seed: Math.floor(Math.random() * 2 ** 32),
    });
    call.because.push(...plan.because);
    if (plan.attempts.length > 0) return plan;
    throw errorOfNobody(plan.nobody);
  }
}

/** What the caller's ceiling leaves for the provider: all that is charged has to fit it. */
function providersPart(
  ceiling: PicoUsd | null,
  policy: ActivePolicy,
  caller: Attribution,
  route: Route,
): PicoUsd | null {
  if (ceiling === null) return null;
  const left = costWithinTotal(feeOfCall(policy, caller, route.routeId), ceiling, true);
  if (left >= 0n) return left;
  throw new GatewayError("above_price_ceiling", "The gateway's fee for this request is more than its price ceiling.");
}

function withTask(call: Call, features: RequestFeatures, prompt: PromptSample): RequestFeatures {
  const task = classify("words", prompt, features);
  const { taskClass, complexity, cues } = task;
  const kind = taskClass === null ? "no task that can be told" : `a task of the kind ${taskClass}`;
  const effort = complexity === null ? "complexity cannot be told" : `complexity ${complexity}`;
  const because = cues.length === 0 ? "" : `, because of ${cues.join(", ")}`;
  call.task = task;
  call.because.push({ code: "task_classified", text: `Taken for ${kind}, ${effort}${because}.` });
  return { ...features, task };
}

const none: readonly Route[] = [];

function fallbackRoutesOf(route: Route, policy: ActivePolicy): readonly Route[] {
  if (route.fallbackRouteIds.length === 0) return none;
  return route.fallbackRouteIds.flatMap((routeId) => policy.routesById.get(routeId) ?? []);
}
