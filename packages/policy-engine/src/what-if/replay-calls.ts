/** What a draft would have changed about calls that were made: where they go and what they cost. */
import type { Usage } from "@switchyard/metering/meters";
import { picoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import { priceUsage } from "@switchyard/metering/price-usage";
import type { CallerFacts } from "../conditions/holds.ts";
import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { PerformanceFacts } from "../performance/target-performance.ts";
import type { Route } from "../policy/route.ts";
import type { HealthFacts } from "../routing/filter-target.ts";
import { planRoute, type PlannedAttempt, type RequestFeatures } from "../routing/plan-route.ts";
import { everybodyHealthy } from "./preview-call.ts";

/** A call as its record has it, without a word of what was asked or answered. */
export interface RecordedCall {
  readonly caller: CallerFacts;
  readonly features: RequestFeatures;
  /** What its answer used; the same is taken to be used by any other target. */
  readonly usage: Usage;
  readonly atMs: number;
}

/** One side of the comparison; null where there is no such route. */
export interface ReplayedRoute {
  readonly route: Route;
  readonly fallbackRoutes: readonly Route[];
}

export interface ReplayTables {
  readonly connectionsById: ReadonlyMap<string, PolicyConnection>;
  readonly modelsById: ReadonlyMap<string, PolicyModel>;
  /** Of every target in service, with the times that are known of them; absent: none is. */
  readonly health?: HealthFacts;
  /** How targets do at tasks, as far as that is known now. */
  readonly performance?: PerformanceFacts;
}

export interface Replay {
  readonly calls: number;
  /** Whose first choice differs. */
  readonly elsewhere: number;
  /** That the draft has no target for. */
  readonly unanswered: number;
  /** Left out of both costs, because one side has no price for them. */
  readonly unpriced: number;
  readonly beforePicoUsd: PicoUsd;
  readonly afterPicoUsd: PicoUsd;
  /**
   * What half of such answers took on the first choices, on average over the calls for which both sides' is known; null where
   * there are none.
   */
  readonly usualMs: { readonly before: number; readonly after: number } | null;
  /** By team, most calls first. */
  readonly teams: readonly TeamReplay[];
  /** First choices by target, most calls first. */
  readonly targets: readonly { readonly label: string; readonly before: number; readonly after: number }[];
}

/** What of the replay is one team's. */
export interface TeamReplay {
  readonly teamId: string;
  readonly calls: number;
  readonly unanswered: number;
  readonly beforePicoUsd: PicoUsd;
  readonly afterPicoUsd: PicoUsd;
}

/**
 * Plans every call under both policies by one seed each, so that what differs is the policy and not the draw. Every target is
 * taken to be in service and to be as quick and as good as it is known to be now, and an answer to be as long on one target as on
 * another.
 */
export function replayCalls(
  published: ReplayedRoute | null,
  draft: ReplayedRoute,
  tables: ReplayTables,
  calls: readonly RecordedCall[],
): Replay {
  const counts = new Map<string, { before: number; after: number }>();
  let elsewhere = 0;
  let unanswered = 0;
  let unpriced = 0;
  let beforePicoUsd = 0n;
  let afterPicoUsd = 0n;
  const times = { calls: 0, before: 0, after: 0 };
  const teams = new Map<string, TeamReplay>();
  for (const [index, call] of calls.entries()) {
    const before = published === null ? null : firstChoice(published, tables, call, index);
    const after = firstChoice(draft, tables, call, index);
    if (before !== null) countOf(counts, before).before += 1;
    if (after !== null) countOf(counts, after).after += 1;
    else unanswered += 1;
    if (before?.connectionId !== after?.connectionId || before?.modelId !== after?.modelId) elsewhere += 1;
    const costBefore = costOn(before, tables, call);
    const costAfter = costOn(after, tables, call);
    const isPriced = costBefore !== null && costAfter !== null;
    if (isPriced) {
      beforePicoUsd += costBefore;
      afterPicoUsd += costAfter;
    } else unpriced += 1;
    const team = teams.get(call.caller.teamId) ?? noCalls(call.caller.teamId);
    teams.set(team.teamId, {
      ...team,
      calls: team.calls + 1,
      unanswered: team.unanswered + Number(after === null),
      beforePicoUsd: picoUsd(team.beforePicoUsd + (isPriced ? costBefore : 0n)),
      afterPicoUsd: picoUsd(team.afterPicoUsd + (isPriced ? costAfter : 0n)),
    });
    const msBefore = usualMsOn(before, tables, call);
    const msAfter = usualMsOn(after, tables, call);
    if (msBefore !== null && msAfter !== null) {
      times.calls += 1;
      times.before += msBefore;
      times.after += msAfter;
    }
  }
  return {
    calls: calls.length,
    elsewhere,
    unanswered,
    unpriced,
    beforePicoUsd: picoUsd(beforePicoUsd),
    afterPicoUsd: picoUsd(afterPicoUsd),
    usualMs: times.calls === 0 ? null : { before: times.before / times.calls, after: times.after / times.calls },
    teams: [...teams.values()].toSorted((a, b) => b.calls - a.calls),
    targets: [...counts]
      .map(([label, count]) => ({ label, ...count }))
      .toSorted((a, b) => b.before + b.after - (a.before + a.after)),
  };
}

function firstChoice(
  { route, fallbackRoutes }: ReplayedRoute,
  { connectionsById, modelsById, health = everybodyHealthy, performance }: ReplayTables,
  { caller, features, atMs }: RecordedCall,
  seed: number,
): PlannedAttempt | null {
  const plan = planRoute({
    route,
    fallbackRoutes,
    connectionsById,
    modelsById,
    features,
    caller,
    mostCostPicoUsd: null,
    gatewayRegion: null,
    health,
    ...(performance === undefined ? {} : { performance }),
    nowMs: atMs,
    seed,
  });
  return plan.attempts[0] ?? null;
}

function noCalls(teamId: string): TeamReplay {
  return { teamId, calls: 0, unanswered: 0, beforePicoUsd: picoUsd(0n), afterPicoUsd: picoUsd(0n) };
}

/** What half of such answers take on the target; null where nobody has been timed, or is asked. */
function usualMsOn(
  choice: PlannedAttempt | null,
  { health }: ReplayTables,
  { features: { stream } }: RecordedCall,
): number | null {
  if (choice === null) return null;
  const target = health?.connections.get(choice.connectionId)?.targetsByModelId.get(choice.modelId);
  return (stream ? target?.firstToken : target?.wholeAnswer)?.quantile(0.5) ?? null;
}

function countOf(counts: Map<string, { before: number; after: number }>, { label }: PlannedAttempt) {
  const known = counts.get(label) ?? { before: 0, after: 0 };
  counts.set(label, known);
  return known;
}

/** A call that nobody answers costs nothing; null where there is no price. */
function costOn(
  choice: PlannedAttempt | null,
  { modelsById }: ReplayTables,
  { usage, atMs }: RecordedCall,
): bigint | null {
  if (choice === null) return 0n;
  const prices = modelsById.get(choice.modelId)?.prices ?? [];
  const priced = priceUsage(prices, { connectionId: choice.connectionId, usage, serviceTier: null, atMs });
  return priced.kind === "priced" ? priced.costPicoUsd : null;
}
