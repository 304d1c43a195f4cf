/** What a strategy is asked, for tests to bend: a plain chat call and one candidate for each suffix. */
import type { CallerFacts } from "../conditions/holds.ts";
import { ConnectionHealth } from "../health/connection-health.ts";
import type { Candidate } from "../routing/candidate.ts";
import { SeededDraws } from "../routing/seeded-draws.ts";
import type { RequestFeatures } from "../routing/request-features.ts";
import type { OrderingInput } from "../strategies/strategy.ts";
import { sampleConnection, sampleModel, sampleRoute, sampleTarget } from "./sample-policy.ts";

type Prices = ReturnType<typeof sampleModel>["prices"];

/** A candidate `t1` on connection `c1` with model `m1`; `prices` are of one token of input and of output, null for none. */
export function sampleCandidate(suffix: string, prices: readonly [input: number, output: number] | null): Candidate {
  const target = sampleTarget(suffix);
  const lines: Prices[number]["lines"] =
    prices === null
      ? []
      : [
          { meter: "input", unitPricePicoUsd: String(prices[0]) },
          { meter: "output", unitPricePicoUsd: String(prices[1]) },
        ];
  const version = { priceVersionId: `p${suffix}`, connectionId: null, effectiveFromMs: 0, free: false, lines };
  return {
    memberId: target.targetId,
    weight: target.weight,
    route: sampleRoute("r", [target]),
    target,
    connection: sampleConnection(`c${suffix}`),
    model: sampleModel(`m${suffix}`, { prices: [version] }),
    label: `c${suffix} / m${suffix}`,
  };
}

export const sampleCaller: CallerFacts = {
  teamId: "team1",
  projectId: "p1",
  virtualKeyId: "k1",
  user: null,
  session: null,
  tags: [],
};

/** A plain chat call. */
export function sampleFeatures(changes: Partial<RequestFeatures> = {}): RequestFeatures {
  return {
    operation: "chat",
    inputTokensAtLeast: 10,
    inputTokensExpected: 20,
    inputTokensAtMost: 80,
    outputTokensAsked: null,
    answers: 1,
    stream: false,
    tools: false,
    images: false,
    jsonSchema: false,
    ...changes,
  };
}

export function sampleOrdering(candidates: readonly Candidate[], changes: Partial<OrderingInput> = {}): OrderingInput {
  return {
    candidates,
    memberIds: candidates.map(({ memberId }) => memberId),
    count: candidates.length,
    features: sampleFeatures({ inputTokensAtLeast: 1_000, inputTokensExpected: 1_000, stream: true }),
    caller: sampleCaller,
    health: { connections: new Map(), nowMs: 0 },
    nowMs: 0,
    draws: new SeededDraws(1),
    ...changes,
  };
}

/** The health of connections whose models have lately answered in these times, by suffix. */
export function sampleSpeeds(
  millisecondsBySuffix: Readonly<Record<string, readonly number[]>>,
): OrderingInput["health"] {
  const connections = new Map<string, ConnectionHealth>();
  for (const [suffix, times] of Object.entries(millisecondsBySuffix)) {
    const connection = new ConnectionHealth();
    for (const firstTokenMs of times) {
      const answered = { failure: null, firstTokenMs, totalMs: firstTokenMs * 2, retryAfterMs: null };
      connection.note(`m${suffix}`, answered, 0, new SeededDraws(1));
    }
    connections.set(`c${suffix}`, connection);
  }
  return { connections, nowMs: 0 };
}
