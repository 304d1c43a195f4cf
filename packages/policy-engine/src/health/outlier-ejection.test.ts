import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerTally } from "./answer-tally.ts";
import { fewestCallsToJudge, judgeOutliers, type MemberRecord, type OutlierEjection } from "./outlier-ejection.ts";

const rule: OutlierEjection = {
  errorPointsAbovePeers: 20,
  timesSlowerThanPeers: 3,
  mostPercent: 50,
  forSeconds: 10,
};

interface Calls {
  readonly ended: number;
  readonly failed?: number;
  readonly ms?: number;
}

/** Members that are called as told, look by look. */
class Group {
  readonly rule: OutlierEjection;
  records: ReadonlyMap<string, MemberRecord> = new Map();
  nowMs = 0;
  readonly #tallies = new Map<string, AnswerTally>();

  constructor(ids: readonly string[], changes: Partial<OutlierEjection> = {}) {
    this.rule = { ...rule, ...changes };
    for (const id of ids) this.#call(id, { ended: 0 });
    this.look({});
  }

  look(calls: Readonly<Record<string, Calls>>, afterMs = 1_000): void {
    this.nowMs += afterMs;
    for (const [id, made] of Object.entries(calls)) this.#call(id, made);
    this.records = judgeOutliers({ rule: this.rule, members: this.#tallies, records: this.records, nowMs: this.nowMs });
  }

  get out(): string[] {
    return [...this.records].filter(([, { ejection }]) => ejection !== null).map(([id]) => id);
  }

  #call(id: string, { ended, failed = 0, ms = 100 }: Calls): void {
    const before = this.#tallies.get(id);
    const answered = ended - failed;
    this.#tallies.set(id, {
      ended: (before?.ended ?? 0) + ended,
      failed: (before?.failed ?? 0) + failed,
      firstTokens: { count: 0, logSum: 0 },
      wholeAnswers: {
        count: (before?.wholeAnswers.count ?? 0) + answered,
        logSum: (before?.wholeAnswers.logSum ?? 0) + answered * Math.log(ms),
      },
    });
  }
}

const well: Calls = { ended: 40 };

describe("judgeOutliers", () => {
  test("leaves out who fails more often than the others, and says by how much", () => {
    const group = new Group(["a", "b", "c"]);
    group.look({ a: { ended: 40, failed: 12 }, b: well, c: { ended: 40, failed: 2 } });
    expect(group.out).toEqual(["a"]);
    expect(group.records.get("a")?.ejection).toEqual({
      untilMs: group.nowMs + 10_000,
      why: "30 % of its last 40 calls failed, and 3 % of its peers'",
    });
  });

  test("leaves out who is slower than the others, and says by how much", () => {
    const group = new Group(["a", "b", "c"]);
    group.look({ a: well, b: { ended: 40, ms: 350 }, c: well });
    expect(group.out).toEqual(["b"]);
    expect(group.records.get("b")?.ejection?.why).toBe("its answers typically take 350 ms, and its peers' 100 ms");
  });

  test("leaves alone who fails as often as everybody, who is called too little, and who has no peers", () => {
    const failing = { ended: 40, failed: 20 };
    const everybody = new Group(["a", "b", "c"]);
    everybody.look({ a: failing, b: failing, c: failing });
    expect(everybody.out).toEqual([]);
    const few = new Group(["a", "b"]);
    few.look({ a: { ended: fewestCallsToJudge - 1, failed: fewestCallsToJudge - 1 }, b: well });
    expect(few.out).toEqual([]);
    const alone = new Group(["a", "b"]);
    alone.look({ a: failing });
    expect(alone.out).toEqual([]);
  });

  test("adds calls up until there are enough to judge by", () => {
    const group = new Group(["a", "b"]);
    for (let look = 0; look < 3; look++) group.look({ a: { ended: 8, failed: 4 }, b: { ended: 8 } });
    expect(group.out).toEqual(["a"]);
  });

  test("takes it back when its time is over, and judges it by what it does then", () => {
    const group = new Group(["a", "b"]);
    group.look({ a: { ended: 40, failed: 40 }, b: well });
    group.look({ b: well }, 9_000);
    expect(group.out).toEqual(["a"]);
    group.look({ b: well }, 2_000);
    expect(group.out).toEqual([]);
    group.look({ a: well, b: well });
    expect(group.out).toEqual([]);
  });

  test("leaves it out twice as long each time, and forgives after five minutes in good order", () => {
    const group = new Group(["a", "b"]);
    const lengths: number[] = [];
    for (let time = 0; time < 7; time++) {
      group.look({ a: { ended: 40, failed: 40 }, b: well });
      lengths.push((group.records.get("a")?.ejection?.untilMs ?? 0) - group.nowMs);
      group.look({}, 300_000);
    }
    expect(lengths).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    group.look({ a: well, b: well }, 300_001);
    group.look({ a: { ended: 40, failed: 40 }, b: well });
    expect((group.records.get("a")?.ejection?.untilMs ?? 0) - group.nowMs).toBe(10_000);
  });

  test("never leaves out more than its share of a group, never the last, and the worst first", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const looks = fc.array(
      fc.dictionary(
        fc.constantFrom(...ids),
        fc.record({
          ended: fc.integer({ min: 1, max: 60 }),
          percent: fc.nat(100),
          ms: fc.integer({ min: 1, max: 9_999 }),
        }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        looks,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 5 }),
        (rounds, mostPercent, size) => {
          const group = new Group(ids.slice(0, size), { mostPercent });
          for (const round of rounds) {
            const calls = Object.entries(round).filter(([id]) => ids.indexOf(id) < size && !group.out.includes(id));
            group.look(
              Object.fromEntries(
                calls.map(([id, { ended, percent, ms }]) => [
                  id,
                  { ended, failed: Math.floor((ended * percent) / 100), ms },
                ]),
              ),
            );
            expect(group.out.length).toBeLessThanOrEqual(Math.floor((size * mostPercent) / 100));
            expect(group.out.length).toBeLessThan(size);
          }
          // Whatever happened, everybody comes back.
          group.look({}, 300_001);
          expect(group.out).toEqual([]);
        },
      ),
    );
    const two = new Group(ids, { mostPercent: 20 });
    two.look({ a: { ended: 40, failed: 20 }, b: { ended: 40, failed: 40 }, c: well, d: well, e: well });
    expect(two.out).toEqual(["b"]);
  });
});
