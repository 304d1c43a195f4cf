import { describe, expect, test } from "vitest";
import type { Candidate } from "../routing/candidate.ts";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { sampleCaller, sampleCandidate, sampleOrdering } from "../testing/sample-ordering.ts";
import { canaryShare, orderByCanary } from "./canary/order-targets.ts";
import { orderByVariant } from "./experiment/order-targets.ts";
import { orderBySession } from "./sticky/order-targets.ts";

const weighing = (...weights: number[]): Candidate[] =>
  weights.map((weight, index) => ({ ...sampleCandidate(String(index), null), weight }));
const first = ({ ordered }: { ordered: readonly Candidate[] }): string => ordered[0]!.memberId;
const runs = 4_000;

function shares(choose: (run: number) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let run = 0; run < runs; run++) {
    const id = choose(run);
    counts[id] = (counts[id] ?? 0) + 1 / runs;
  }
  return counts;
}

describe("sticky", () => {
  const choose = (candidates: readonly Candidate[], session: string | null, seed = 1) =>
    orderBySession(sampleOrdering(candidates, { caller: { ...sampleCaller, session }, draws: new SeededDraws(seed) }), {
      type: "sticky",
      by: "session",
    });

  test("gives sessions to targets by weight, and each keeps its own whatever is drawn", () => {
    const candidates = weighing(70, 30, 0);
    const counts = shares((run) => first(choose(candidates, `s${run}`)));
    expect(counts["t0"]).toBeCloseTo(0.7, 1);
    expect(counts["t1"]).toBeCloseTo(0.3, 1);
    expect(counts["t2"]).toBeUndefined();
    expect(choose(candidates, "s1", 2)).toEqual(choose(candidates, "s1", 99));
  });

  test("moves only the sessions of a target that goes", () => {
    const all = weighing(1, 1, 1);
    const sessions = Array.from({ length: 300 }, (_, run) => `s${run}`);
    const keepers = sessions.filter((session) => first(choose(all, session)) !== "t2");
    expect(keepers.length).toBeGreaterThan(100);
    const after = keepers.map((session) => first(choose(all.slice(0, 2), session)));
    expect(after).toEqual(keepers.map((session) => first(choose(all, session))));
  });

  test("draws where there is no session, and says so", () => {
    const { because } = choose(weighing(1), null);
    expect(because.map(({ text }) => text)).toEqual([
      "The call names no session to stay with, so that its target is drawn.",
      "Chose c0 / m0: by its weight it gets every call.",
    ]);
  });
});

test("an experiment keeps users in their variants, and another name assigns them anew", () => {
  const variantOf = (name: string, user: string) =>
    first(
      orderByVariant(sampleOrdering(weighing(1, 1), { caller: { ...sampleCaller, user } }), {
        type: "experiment",
        name,
        assignBy: "user",
      }),
    );
  expect(shares((run) => variantOf("one", `u${run}`))["t0"]).toBeCloseTo(0.5, 1);
  const same = shares((run) => String(variantOf("one", `u${run}`) === variantOf("two", `u${run}`)));
  expect(same["true"]).toBeCloseTo(0.5, 1);
});

describe("canary", () => {
  const candidates = weighing(1, 1, 1);
  const choose = (run: number, config: Parameters<typeof orderByCanary>[1], nowMs = 0) =>
    orderByCanary(
      sampleOrdering(candidates, { draws: new SeededDraws(Math.floor((run * 2 ** 32) / runs)), nowMs }),
      config,
    );

  test("gets its share, is the last resort of the others, and moves along its ramp", () => {
    const config = { type: "canary", percent: 5, ramp: { fromMs: 1_000, toMs: 2_000, percent: 25 } } as const;
    expect(shares((run) => first(choose(run, config)))["t2"]).toBeCloseTo(0.05, 2);
    expect(shares((run) => first(choose(run, config, 1_500)))["t2"]).toBeCloseTo(0.15, 2);
    expect(canaryShare(config, 5_000)).toBe(2_500);
    const spared = choose(runs - 1, { type: "canary", percent: 0 });
    expect(spared.ordered.map(({ memberId }) => memberId)).toEqual(["t0", "t1", "t2"]);
    expect(spared.because[0]?.text).toBe("Chose c0 / m0: the canary gets only 0 % of the calls.");
  });

  test("nobody takes its place where it cannot serve", () => {
    const input = sampleOrdering(candidates.slice(0, 2), { memberIds: ["t0", "t1", "t2"] });
    expect(first(orderByCanary(input, { type: "canary", percent: 100 }))).toBe("t0");
  });
});
