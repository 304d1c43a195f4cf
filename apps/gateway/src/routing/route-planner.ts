import { costWithinTotal } from "@switchyard/metering/gateway-fee";
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import type { Attribution } from "@switchyard/metering/usage-event";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { PromptSample } from "@switchyard/policy-engine/classification/classification";
import { needsTask } from "@switchyard/policy-engine/classification/needs-task";
import { classify } from "@switchyard/policy-engine/classification/registry";
import type { HealthFacts } from "@switchyard/policy-engine/routing/filter-target";
import { planRoute, type RequestFeatures, type RoutePlan } from "@switchyard/policy-engine/routing/plan-route";
import { feeOfCall } from "../admission/fee-of-call.ts";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { TaskPerformance } from "../performance/task-performance.ts";
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
   * Throws `invalid_header`; where no target can answer, `upstream_rate_limited` or `no_target_available` with the first time
   * that one may again, or `above_price_ceiling`. `readPrompt` is asked only where a strategy goes by what the prompt asks for.
   */
  plan(
    call: Call,
    policy: ActivePolicy,
    route: Route,
    features: RequestFeatures,
    readPrompt: (() => PromptSample) | null = null,
  ): RoutePlan {
    const health = this.#health.facts();
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
      gatewayRegion: this.#region,
      health,
      performance: this.#performance,
      nowMs: Date.now(),
      seed: Math.floor(Math.random() * 2 ** 32),
    });
    call.because.push(...plan.because);
    if (plan.attempts.length > 0) return plan;
    throw whyNobody(plan, secondsUntilOneReturns(route, features, health));
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

/** What a plan says where it names nobody for no other reason than drained connections. */
const codesOfAllDrained = new Set(["connection_drained", "fallback_route", "fallback_disabled", "no_target"]);

/** Targets that come back are worth a wait, so their reasons go before a ceiling, which no wait helps. */
function whyNobody({ because }: RoutePlan, retryAfterSeconds: number): GatewayError {
  const codes = new Set(because.map(({ code }) => code));
  if (codes.has("provider_limit")) {
    const message = "Every target of this route is at the limit of its provider.";
    return new GatewayError("upstream_rate_limited", message, { retryAfterSeconds });
  }
  if (codes.has("above_price_ceiling") && !codes.has("retry_after")) {
    const message =
      "This request could cost more on every target than its price ceiling, or that of the route, allows.";
    return new GatewayError("above_price_ceiling", message);
  }
  if (codes.has("connection_drained") && codes.isSubsetOf(codesOfAllDrained)) {
    const message = "An admin is draining every connection of this route.";
    return new GatewayError("no_target_available", message, { retryAfterSeconds });
  }
  return new GatewayError("no_target_available", "No target of this route can answer this request now.", {
    retryAfterSeconds,
  });
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

/** Circuits do not count: a route that only they keep from answering is tried all the same. */
function secondsUntilOneReturns(
  { targets }: Route,
  { inputTokensExpected, outputTokensAsked }: RequestFeatures,
  { connections, nowMs }: HealthFacts,
): number {
  let earliestMs = Infinity;
  for (const { connectionId, modelId } of targets) {
    const target = connections.get(connectionId)?.targetsByModelId.get(modelId);
    const roomInMs = target?.bucket?.waitMs(inputTokensExpected + (outputTokensAsked ?? 0), nowMs) ?? 0;
    const untilMs = Math.max(target?.notBeforeMs ?? 0, nowMs + roomInMs);
    if (untilMs > nowMs) earliestMs = Math.min(earliestMs, untilMs);
  }
  return earliestMs === Infinity ? 30 : Math.max(1, Math.ceil((earliestMs - nowMs) / 1000));
}

const none: readonly Route[] = [];

function fallbackRoutesOf(route: Route, policy: ActivePolicy): readonly Route[] {
  if (route.fallbackRouteIds.length === 0) return none;
  return route.fallbackRouteIds.flatMap((routeId) => policy.routesById.get(routeId) ?? []);
}
