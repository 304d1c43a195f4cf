import { describe, expect, test } from "vitest";
import { lackOfCode, whyNobody, type Lack } from "./why-nobody.ts";

const codes = [...lackOfCode.keys(), "tools_unsupported", "target_disabled", "requirement_unmet"];
const refusal = (code: string) => ({ code });
const lackOf = (...refused: readonly string[]): Lack => whyNobody(refused.map(refusal)).lack;

describe("whyNobody", () => {
  /** Of two targets: what is said of both together. */
  test.each<[Lack, readonly (readonly [string, string])[]]>([
    [
      "resting",
      [
        ["above_price_ceiling", "circuit_open"],
        ["above_price_ceiling", "too_slow"],
        ["above_price_ceiling", "retry_after"],
        ["provider_limit", "circuit_open"],
        ["connection_drained", "retry_after"],
        ["tools_unsupported", "circuit_open"],
      ],
    ],
    [
      "full",
      [
        ["above_price_ceiling", "provider_limit"],
        ["connection_drained", "provider_limit"],
        ["price_unknown", "provider_limit"],
      ],
    ],
    [
      "drained",
      [
        ["above_price_ceiling", "connection_drained"],
        ["target_disabled", "connection_drained"],
      ],
    ],
    [
      "too_dear",
      [
        ["above_price_ceiling", "above_price_ceiling"],
        ["above_price_ceiling", "target_disabled"],
        ["above_price_ceiling", "requirement_unmet"],
        ["above_price_ceiling", "price_unknown"],
      ],
    ],
    ["unpriced", [["price_unknown", "tools_unsupported"]]],
    ["unfit", [["target_disabled", "tools_unsupported"]]],
  ])("says %s", (lack, pairs) => {
    for (const [one, other] of pairs) {
      expect([one, other, lackOf(one, other)]).toEqual([one, other, lack]);
      expect(lackOf(other, one)).toBe(lack);
    }
  });

  test("blames the ceiling or the client's pace only where no target within the ceiling is in trouble", () => {
    const wrong: (readonly string[])[] = [];
    for (let chosen = 0; chosen < 2 ** codes.length; chosen++) {
      const some = codes.filter((_, index) => (chosen >> index) & 1);
      const lacks = new Set(some.map((code) => lackOfCode.get(code)));
      const lack = lackOf(...some);
      const isBlamed = lack === "too_dear" || lack === "unpriced";
      const wouldDo = lacks.has("resting") || lacks.has("full") || lacks.has("drained");
      if (lacks.has("resting") ? lack !== "resting" : isBlamed && wouldDo) wrong.push([lack, ...some]);
    }
    expect(wrong).toEqual([]);
    expect(lackOf()).toBe("unfit");
  });

  test("waits for the first that comes back, and knows no time where nothing does", () => {
    const refusals = [
      { code: "circuit_open", returnsInMs: 900 },
      { code: "provider_limit", returnsInMs: 400 },
      { code: "above_price_ceiling" },
    ];
    expect(whyNobody(refusals)).toEqual({ lack: "resting", returnsInMs: 400 });
    expect(whyNobody([{ code: "connection_drained" }])).toEqual({ lack: "drained", returnsInMs: null });
  });
});
