/** What a strategy is asked, for tests to bend: a plain chat call and one candidate for each suffix. */
import { ConnectionHealth } from "../health/connection-health.ts";
import type { Candidate } from "../routing/candidate.ts";
import { SeededDraws } from "../routing/seeded-draws.ts";
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
    route: sampleRoute("r", [target]),
    target,
    connection: sampleConnection(`c${suffix}`),
    model: sampleModel(`m${suffix}`, { prices: [version] }),
    label: `c${suffix} / m${suffix}`,
  };
}

export function sampleOrdering(candidates: readonly Candidate[], changes: Partial<OrderingInput> = {}): OrderingInput {
  return {
    candidates,
    count: candidates.length,
    features: {
      operation: "chat",
      inputTokensAtLeast: 1_000,
      outputTokensAsked: null,
      answers: 1,
      stream: true,
      tools: false,
      images: false,
      jsonSchema: false,
    },
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
