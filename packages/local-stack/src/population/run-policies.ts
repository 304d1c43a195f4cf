/** What a success costs under each policy, decided by the engine that gateways decide with. */
import type { TaskClass } from "@switchyard/policy-engine/classification/classification";
import type { PerformanceFacts } from "@switchyard/policy-engine/performance/target-performance";
import type { Route } from "@switchyard/policy-engine/policy/route";
import { afterAttempt } from "@switchyard/policy-engine/resilience/after-attempt";
import { planRoute, type PlannedAttempt, type RoutePlan } from "@switchyard/policy-engine/routing/plan-route";
import { sampleCaller, sampleFeatures } from "@switchyard/policy-engine/testing/sample-ordering";
import {
  sampleConnection,
  sampleModel,
  sampleRoute,
  sampleTarget,
} from "@switchyard/policy-engine/testing/sample-policy";
import {
  costOf,
  drawPopulation,
  type Population,
  succeeds,
  targetNames,
  type Task,
  tokenPrices,
} from "./task-population.ts";

/** In percent; below it a target is no choice for a kind of task, whatever it costs. */
export const qualityFloorPercent = 80;
/** What is learned reaches the decisions after so many tasks, as it would from a worker. */
const tasksBetweenFacts = 100;
const pointsOfCurve = 100;
const nowMs = Date.UTC(2026, 0, 1);

export interface PolicyResult {
  readonly name: string;
  readonly successShare: number;
  readonly dollarsPerSuccess: number;
  /** The same after each hundredth of the tasks. */
  readonly curve: readonly number[];
}

export interface PopulationResult {
  readonly seed: number;
  readonly fixed: readonly PolicyResult[];
  readonly bestFixed: PolicyResult;
  readonly cascade: PolicyResult;
  readonly adaptive: PolicyResult;
}

interface Outcome {
  readonly cost: number;
  readonly isSuccess: boolean;
}

export function runPolicies(size: number, seed: number): PopulationResult {
  const population = drawPopulation(size, seed);
  const always = (target: number) => (task: Task) => outcomeAt(population, task, target);
  const best = bestTargets(population);
  return {
    seed,
    fixed: targetNames.map((name, target) => run(`always ${name}`, population, always(target))),
    bestFixed: run("best fixed", population, (task) => outcomeAt(population, task, best.get(task.taskClass) ?? 0)),
    cascade: run("cascade", population, (task, index) => runCascade(population, task, seed + index)),
    adaptive: run("adaptive", population, adaptivePolicy(population, seed)),
  };
}

function run(name: string, { tasks }: Population, policy: (task: Task, index: number) => Outcome): PolicyResult {
  let cost = 0;
  let successes = 0;
  const curve: number[] = [];
  const every = Math.max(1, Math.floor(tasks.length / pointsOfCurve));
  for (const [index, task] of tasks.entries()) {
    const outcome = policy(task, index);
    cost += outcome.cost;
    successes += Number(outcome.isSuccess);
    if ((index + 1) % every === 0) curve.push(cost / Math.max(1, successes) / 1e12);
  }
  return { name, successShare: successes / tasks.length, dollarsPerSuccess: cost / successes / 1e12, curve };
}

function outcomeAt(population: Population, task: Task, target: number): Outcome {
  return { cost: costOf(task, target), isSuccess: succeeds(population, task, target) };
}

/**
 * For each kind the target whose successes cost least among those that keep the floor, by the shares that the tasks were
 * drawn from: what somebody would choose who knew everything, and chose once.
 */
function bestTargets(population: Population): Map<TaskClass, number> {
  const best = new Map<TaskClass, number>();
  for (const [taskClass, shares] of population.successes) {
    const tasks = population.tasks.filter((task) => task.taskClass === taskClass);
    const costs = shares.map((share, target) => tasks.reduce((sum, task) => sum + costOf(task, target), 0) / share);
    const keeps = shares.map((share) => share * 100 >= qualityFloorPercent);
    const allowed = shares.map((_, target) => target).filter((target) => keeps[target]);
    const choices = allowed.length > 0 ? allowed : [shares.length - 1];
    best.set(
      taskClass,
      choices.reduce((one, other) => ((costs[other] ?? 0) < (costs[one] ?? 0) ? other : one)),
    );
  }
  return best;
}

/** Cheap first; a wrong answer leads on where the checks see it, and so does a right one that they take for wrong. */
function runCascade(population: Population, task: Task, seed: number): Outcome {
  let { attempts: left } = plan(routeOf({ type: "cascade", refusals: false }), task, seed, undefined);
  let cost = 0;
  for (let attemptsMade = 1; ; attemptsMade++) {
    const [attempt, ...remaining] = left;
    if (attempt === undefined) throw new Error("the cascade has no tier");
    const target = targetOf(attempt);
    cost += costOf(task, target);
    const isSuccess = succeeds(population, task, target);
    const isFound = isSuccess ? task.isFalseAlarm : task.isFlawSeen;
    if (!isFound || attempt.escalatesOn === undefined) return { cost, isSuccess };
    const step = afterAttempt({
      failure: "invalid_answer",
      firstByteSent: false,
      attempt,
      credentialId: null,
      hasOtherCredential: false,
      attemptsMade,
      maxAttempts: targetNames.length,
      remaining,
      health: { connections: new Map(), nowMs: 0 },
    });
    if (step.next === "stop") return { cost, isSuccess };
    left = remaining.slice(step.index);
  }
}

/** Learns from the tasks that somebody said something of, and from no others. */
function adaptivePolicy(population: Population, seed: number): (task: Task, index: number) => Outcome {
  const route = routeOf({ type: "adaptive", explorePercent: 10, successPercentAtLeast: qualityFloorPercent });
  const seen = new Map<string, Tally>();
  let known: ReadonlyMap<string, Tally> = new Map();
  const performance: PerformanceFacts = {
    find: (taskClass, connectionId) => {
      const tally = known.get(`${taskClass} ${connectionId}`);
      if (tally === undefined) return undefined;
      const { successes, failures, outputTokens } = tally;
      return { successes, failures, meanOutputTokens: outputTokens / (successes + failures) };
    },
  };
  return (task, index) => {
    if (index % tasksBetweenFacts === 0) known = new Map([...seen].map(([key, tally]) => [key, { ...tally }]));
    const [attempt] = plan(route, task, seed + index, performance).attempts;
    if (attempt === undefined) throw new Error("nothing was planned");
    const outcome = outcomeAt(population, task, targetOf(attempt));
    if (task.hasFeedback) {
      for (const taskClass of [task.taskClass, null]) note(seen, `${taskClass} ${attempt.connectionId}`, task, outcome);
    }
    return outcome;
  };
}

interface Tally {
  successes: number;
  failures: number;
  outputTokens: number;
}

function note(seen: Map<string, Tally>, key: string, { outputTokens }: Task, { isSuccess }: Outcome): void {
  const tally = seen.get(key) ?? { successes: 0, failures: 0, outputTokens: 0 };
  if (isSuccess) tally.successes += 1;
  else tally.failures += 1;
  tally.outputTokens += outputTokens;
  seen.set(key, tally);
}

const suffixes = targetNames.map((_, target) => String(target));
const connectionsById = new Map(suffixes.map((suffix) => [`c${suffix}`, sampleConnection(`c${suffix}`)]));
const modelsById = new Map(
  suffixes.map((suffix, target) => {
    const [input, output] = tokenPrices[target] ?? [0, 0];
    const lines = [
      { meter: "input" as const, unitPricePicoUsd: String(input) },
      { meter: "output" as const, unitPricePicoUsd: String(output) },
    ];
    const version = { priceVersionId: `p${suffix}`, connectionId: null, effectiveFromMs: 0, free: false, lines };
    return [`m${suffix}`, sampleModel(`m${suffix}`, { prices: [version] })];
  }),
);

function routeOf(strategy: Route["strategy"]): Route {
  return sampleRoute(
    "population",
    suffixes.map((suffix) => sampleTarget(suffix)),
    { strategy, maxAttempts: targetNames.length },
  );
}

function plan(route: Route, task: Task, seed: number, performance: PerformanceFacts | undefined): RoutePlan {
  const { inputTokens, taskClass } = task;
  return planRoute({
    route,
    fallbackRoutes: [],
    connectionsById,
    modelsById,
    features: sampleFeatures({
      inputTokensAtLeast: inputTokens,
      inputTokensExpected: inputTokens,
      inputTokensAtMost: inputTokens,
      task: { by: "known", taskClass, complexity: null, cues: [] },
    }),
    caller: sampleCaller,
    mostCostPicoUsd: null,
    gatewayRegion: null,
    health: { connections: new Map(), nowMs: 0 },
    ...(performance === undefined ? {} : { performance }),
    nowMs,
    seed,
  });
}

function targetOf({ connectionId }: PlannedAttempt): number {
  return Number(connectionId.slice(1));
}
