import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleFeatures } from "../testing/sample-ordering.ts";
import { type Clause, conditionSchema } from "./condition.ts";
import { findContradictions } from "./find-contradictions.ts";
import { type CallerFacts, type ConditionFacts, whyNotFor } from "./holds.ts";
import { localTime } from "./local-time.ts";

const caller: CallerFacts = {
  teamId: "t1",
  projectId: "p1",
  virtualKeyId: "k1",
  user: null,
  session: "s1",
  tags: ["env=prod", "feature=search"],
};
/** A Monday, 08:30 in Berlin and 07:30 in UTC. */
const mondayMorning = Date.UTC(2026, 10, 30, 7, 30);
const facts: ConditionFacts = {
  caller,
  features: sampleFeatures({
    inputTokensExpected: 500,
    images: true,
  }),
  nowMs: mondayMorning,
};
const holds = (...clauses: Clause[]): boolean => whyNotFor({ match: "all", clauses }, facts) === null;

describe("whyNotFor", () => {
  test.each<[Clause, boolean]>([
    [{ fact: "team", anyOf: ["t0", "t1"] }, true],
    [{ fact: "team", anyOf: ["t1"], not: true }, false],
    [{ fact: "user", anyOf: ["ann"] }, false],
    [{ fact: "user", anyOf: ["ann"], not: true }, true],
    [{ fact: "session", anyOf: ["s1"] }, true],
    [{ fact: "tag", name: "env", anyOf: ["prod"] }, true],
    [{ fact: "tag", name: "feat", anyOf: ["search"] }, false],
    [{ fact: "input_tokens", atLeast: 500 }, true],
    [{ fact: "input_tokens", atMost: 499 }, false],
    [{ fact: "output_tokens_asked", atLeast: 0 }, false],
    [{ fact: "images", is: true }, true],
    [{ fact: "tools", is: true }, false],
    [{ fact: "time_of_day", timeZone: "Europe/Berlin", fromMinute: 510, toMinute: 511 }, true],
    [{ fact: "time_of_day", timeZone: "UTC", fromMinute: 510, toMinute: 511 }, false],
    [{ fact: "time_of_day", timeZone: "UTC", fromMinute: 0, toMinute: 1440, days: [1] }, true],
    [{ fact: "time_of_day", timeZone: "UTC", fromMinute: 1320, toMinute: 480, days: [7] }, true],
    [{ fact: "time_of_day", timeZone: "UTC", fromMinute: 1320, toMinute: 480, days: [1] }, false],
    [{ fact: "time_of_day", timeZone: "Nowhere/Else", fromMinute: 0, toMinute: 1440 }, false],
  ])("judges %j", (clause, expected) => {
    expect(holds(clause)).toBe(expected);
  });

  test("asks for all or for any, and blames the clause that fails", () => {
    const clauses: Clause[] = [
      { fact: "images", is: true },
      { fact: "input_tokens", atLeast: 4_000 },
    ];
    expect(whyNotFor({ match: "all", clauses }, facts)).toBe(
      "it is for calls of at least 4000 tokens of input, and this one has about 500",
    );
    expect(whyNotFor({ match: "any", clauses }, facts)).toBeNull();
    expect(whyNotFor({ match: "any", clauses: clauses.slice(1) }, facts)).toBe("none of its conditions holds");
  });

  test("follows the clock of the zone through daylight saving", () => {
    expect(localTime("Europe/Berlin", Date.UTC(2026, 6, 1, 12))).toEqual({ weekday: 3, minuteOfDay: 14 * 60 });
    expect(localTime("America/New_York", Date.UTC(2026, 0, 1, 3))).toEqual({ weekday: 3, minuteOfDay: 22 * 60 });
    expect(localTime("UTC", Number.NaN)).toBeNull();
    expect(localTime("UTC", 0)).toEqual({ weekday: 4, minuteOfDay: 0 });
    expect(localTime("UTC", 59_999)).toEqual({ weekday: 4, minuteOfDay: 0 });
    expect(localTime("UTC", 60_000)).toEqual({ weekday: 4, minuteOfDay: 1 });
  });
});

const bound = fc.option(fc.nat(1_000), { nil: undefined });
const few = fc.array(fc.constantFrom("a", "b", "t1", "p1"), { minLength: 1, maxLength: 3 });
const clause = fc.oneof(
  fc.record({
    fact: fc.constantFrom("team" as const, "project" as const, "user" as const),
    anyOf: few,
    not: fc.boolean(),
  }),
  fc.record({ fact: fc.constant("tag" as const), name: fc.constantFrom("env", "x"), anyOf: few, not: fc.boolean() }),
  fc.record({
    fact: fc.constantFrom("input_tokens" as const, "output_tokens_asked" as const),
    atLeast: bound,
    atMost: bound,
  }),
  fc.record({ fact: fc.constantFrom("tools" as const, "stream" as const), is: fc.boolean() }),
  fc.record({
    fact: fc.constant("time_of_day" as const),
    timeZone: fc.oneof(fc.constantFrom("UTC", "Asia/Kolkata"), fc.string()),
    fromMinute: fc.nat(1_440),
    toMinute: fc.nat(1_440),
  }),
);
const anyFacts = fc.record({
  teamId: fc.constantFrom("a", "b", "t1"),
  user: fc.option(fc.constantFrom("a", "b")),
  tags: fc.constantFrom<string[]>([], ["env=a"], ["x=b"]),
  tokens: fc.nat(1_000),
  stream: fc.boolean(),
  nowMs: fc.double(),
});

test("conditions never throw, and one that is contradictory holds for no call", () => {
  fc.assert(
    fc.property(fc.array(clause, { minLength: 1, maxLength: 5 }), anyFacts, (clauses, drawn) => {
      const verdict = whyNotFor(
        { match: "all", clauses },
        {
          caller: { ...caller, teamId: drawn.teamId, user: drawn.user, tags: drawn.tags },
          features: sampleFeatures({ inputTokensExpected: drawn.tokens, stream: drawn.stream }),
          nowMs: drawn.nowMs,
        },
      );
      const placed = clauses.map((each, index) => ({ clause: each, path: String(index) }));
      const isContradictory = findContradictions(placed).next().done === false;
      expect(isContradictory && verdict === null).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

describe("findContradictions", () => {
  test.each<[string, Clause[], string[]]>([
    [
      "two teams at once",
      [
        { fact: "team", anyOf: ["a"] },
        { fact: "team", anyOf: ["b"] },
      ],
      ["1"],
    ],
    [
      "a team and not that team",
      [
        { fact: "team", anyOf: ["a"], not: true },
        { fact: "team", anyOf: ["a"] },
      ],
      ["1"],
    ],
    [
      "two tags are two subjects",
      [
        { fact: "tag", name: "a", anyOf: ["1"] },
        { fact: "tag", name: "b", anyOf: ["2"] },
      ],
      [],
    ],
    [
      "bounds that cross",
      [
        { fact: "input_tokens", atLeast: 10 },
        { fact: "input_tokens", atMost: 9 },
      ],
      ["1"],
    ],
    ["bounds that cross by themselves", [{ fact: "input_tokens", atLeast: 10, atMost: 9 }], ["0"]],
    [
      "with and without",
      [
        { fact: "tools", is: true },
        { fact: "tools", is: false },
      ],
      ["1"],
    ],
    ["an empty window", [{ fact: "time_of_day", timeZone: "UTC", fromMinute: 5, toMinute: 5 }], ["0"]],
  ])("%s", (_, clauses, paths) => {
    const placed = clauses.map((each, index) => ({ clause: each, path: String(index) }));
    expect([...findContradictions(placed)].map(({ path }) => path)).toEqual(paths);
  });
});

test.each([
  [{ fact: "input_tokens", atLeast: Number.NaN }],
  [{ fact: "input_tokens", atMost: Infinity }],
  [{ fact: "team", anyOf: [] }],
  [{ fact: "mood", anyOf: ["good"] }],
])("the schema refuses %j", (bad) => {
  expect(conditionSchema.safeParse({ match: "all", clauses: [bad] }).success).toBe(false);
});
