/**
 * What deciding costs one call: the plan for a route of ten targets in nested groups with conditions, guards and a health
 * map that knows all of them. Single calls are timed, so that the slow ones show too.
 */
import { ConnectionHealth } from "@switchyard/policy-engine/health/connection-health";
import { planRoute, type PlanInput } from "@switchyard/policy-engine/routing/plan-route";
import { SeededDraws } from "@switchyard/policy-engine/routing/seeded-draws";
import { sampleCaller, sampleFeatures } from "@switchyard/policy-engine/testing/sample-ordering";
import {
  sampleConnection,
  sampleModel,
  sampleRoute,
  sampleTarget,
} from "@switchyard/policy-engine/testing/sample-policy";

const warmUpPlans = 50_000;
const measuredPlans = 200_000;
const nowMs = Date.UTC(2026, 5, 1, 12);

export interface DecisionCost {
  readonly medianMicroseconds: number;
  readonly p99Microseconds: number;
}

/** Of one plan; the seed differs from call to call, as it does in a gateway. */
export function measureDecision(): DecisionCost {
  const input = nestedRoute();
  for (let seed = 0; seed < warmUpPlans; seed += 1) planOnce(input, seed);
  const nanoseconds = new Float64Array(measuredPlans);
  for (let seed = 0; seed < measuredPlans; seed += 1) {
    const before = process.hrtime.bigint();
    planOnce(input, seed);
    nanoseconds[seed] = Number(process.hrtime.bigint() - before);
  }
  nanoseconds.sort();
  const at = (share: number): number => (nanoseconds[Math.floor(measuredPlans * share)] ?? 0) / 1_000;
  return { medianMicroseconds: at(0.5), p99Microseconds: at(0.99) };
}

function planOnce(input: PlanInput, seed: number): void {
  if (planRoute({ ...input, seed }).attempts.length === 0) throw new Error("no target was planned");
}

/**
 * By condition: tagged batch work goes to the cheapest of three; all else to the cheapest of four targets and a weighted
 * pair, but by night to a last one, which no call of the bench is for.
 */
function nestedRoute(): PlanInput {
  const suffixes = Array.from({ length: 10 }, (_, index) => String(index));
  const groupIdOf = (index: number): string =>
    index < 3 ? "batch" : index < 7 ? "usual" : index < 9 ? "pair" : "night";
  const cheapest = { type: "cheapest", expectedOutputTokens: 400 } as const;
  const weighted = { type: "weighted" } as const;
  const base = { weight: 1, enabled: true } as const;
  const route = sampleRoute(
    "r1",
    suffixes.map((suffix, index) => sampleTarget(suffix, { weight: index + 1, groupId: groupIdOf(index) })),
    {
      strategy: { type: "priority" },
      groups: [
        {
          ...base,
          groupId: "batch",
          name: "Batch",
          strategy: cheapest,
          when: { match: "all", clauses: [{ fact: "tag", name: "kind", anyOf: ["batch"] }] },
        },
        {
          ...base,
          groupId: "night",
          name: "Night",
          strategy: weighted,
          when: {
            match: "all",
            clauses: [{ fact: "time_of_day", timeZone: "Europe/Berlin", fromMinute: 1_320, toMinute: 360 }],
          },
        },
        {
          ...base,
          groupId: "usual",
          name: "Usual",
          strategy: cheapest,
          when: {
            match: "any",
            clauses: [
              { fact: "team", anyOf: ["team1", "team2"] },
              { fact: "input_tokens", atMost: 50_000 },
            ],
          },
        },
        { ...base, groupId: "pair", name: "Pair", parentGroupId: "usual", strategy: weighted },
      ],
      guards: { mostCostPicoUsd: "900000000000", requires: { zeroRetention: true } },
    },
  );
  const attributes = { region: "eu", jurisdiction: "EU", zeroRetention: true, noTraining: true };
  const prices = (index: number) => [
    {
      priceVersionId: `p${index}`,
      connectionId: null,
      effectiveFromMs: 0,
      free: false,
      lines: [
        { meter: "input" as const, unitPricePicoUsd: String(1_000_000 + index * 10_000) },
        { meter: "output" as const, unitPricePicoUsd: String(4_000_000 - index * 10_000) },
      ],
    },
  ];
  return {
    route,
    fallbackRoutes: [],
    connectionsById: new Map(suffixes.map((suffix) => [`c${suffix}`, sampleConnection(`c${suffix}`, { attributes })])),
    modelsById: new Map(
      suffixes.map((suffix, index) => [`m${suffix}`, sampleModel(`m${suffix}`, { prices: prices(index) })]),
    ),
    features: sampleFeatures({
      inputTokensAtLeast: 500,
      inputTokensExpected: 1_000,
      inputTokensAtMost: 4_000,
      stream: true,
    }),
    caller: { ...sampleCaller, tags: ["env=prod", "kind=chat"] },
    mostCostPicoUsd: null,
    gatewayRegion: "eu",
    health: { connections: healthOf(suffixes), nowMs: 10_000 },
    nowMs,
    seed: 0,
  };
}

function healthOf(suffixes: readonly string[]): Map<string, ConnectionHealth> {
  const draws = new SeededDraws(1);
  return new Map(
    suffixes.map((suffix, index) => {
      const connection = new ConnectionHealth();
      for (let call = 0; call < 50; call += 1) {
        connection.begin(`m${suffix}`, false, 100 * call);
        const answered = { failure: null, firstTokenMs: 100 + index * 20, totalMs: 900, retryAfterMs: null };
        connection.note(`m${suffix}`, answered, 100 * call + 90, draws);
      }
      return [`c${suffix}`, connection];
    }),
  );
}
