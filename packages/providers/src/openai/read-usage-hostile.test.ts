import { inputTokenMeters, outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readOpenAiUsage } from "./read-usage.ts";

describe("readOpenAiUsage, of what cannot be", () => {
  const hostileCounts = [
    -1,
    Number.NaN,
    Infinity,
    1e308,
    2 ** 53,
    1.5,
    "1.5",
    "-12",
    "",
    true,
    [],
    {},
    [5],
    -0.5,
    1e-9,
  ];

  test.each(hostileCounts)("refuses %j wherever a count belongs", (count) => {
    const sound = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    for (const name of ["prompt_tokens", "completion_tokens", "total_tokens", "prompt_cache_hit_tokens"]) {
      expect(readOpenAiUsage({ ...sound, [name]: count }, "chat").kind).toBe("unusable");
    }
    for (const [details, name] of [
      ["prompt_tokens_details", "cached_tokens"],
      ["prompt_tokens_details", "cache_write_tokens"],
      ["prompt_tokens_details", "audio_tokens"],
      ["prompt_tokens_details", "image_tokens"],
      ["completion_tokens_details", "reasoning_tokens"],
      ["completion_tokens_details", "audio_tokens"],
    ] as const) {
      expect(readOpenAiUsage({ ...sound, [details]: { [name]: count } }, "chat").kind).toBe("unusable");
    }
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["a text", "10"],
    ["an empty object", {}],
    ["details that are no object", { prompt_tokens: 1, completion_tokens: 1, prompt_tokens_details: [1] }],
    [
      "cache writes beyond the rest",
      { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 6, cache_write_tokens: 5 } },
    ],
    [
      "more reasoning than output",
      { prompt_tokens: 10, completion_tokens: 1, completion_tokens_details: { reasoning_tokens: 2 } },
    ],
  ])("refuses %s", (_, raw) => {
    expect(readOpenAiUsage(raw, "chat")).toMatchObject({ kind: "unusable", problem: expect.stringMatching(/\w/) });
  });

  test("gives whole, non-negative quantities that add up, or nothing", () => {
    const count = fc.oneof(fc.nat(1_000), fc.constantFrom(0, 1, ...hostileCounts, null, undefined));
    const raw = fc.record({
      prompt_tokens: count,
      completion_tokens: count,
      total_tokens: count,
      prompt_tokens_details: fc.record({
        cached_tokens: count,
        audio_tokens: count,
        image_tokens: count,
        cache_write_tokens: count,
      }),
      completion_tokens_details: fc.record({ reasoning_tokens: count, audio_tokens: count }),
    });
    fc.assert(
      fc.property(raw, (fields) => {
        const reading = readOpenAiUsage(fields, "chat");
        const usage = reading.kind === "usable" ? reading.usage : {};
        expect(Object.values(usage).every((quantity) => Number.isSafeInteger(quantity) && quantity > 0)).toBe(true);
        const input = totalQuantity(usage, inputTokenMeters);
        const output = totalQuantity(usage, outputTokenMeters);
        const sums = [
          fields.completion_tokens,
          Number(fields.completion_tokens) + Number(fields.completion_tokens_details.reasoning_tokens),
        ];
        const {
          cached_tokens: cached,
          cache_write_tokens: written,
          audio_tokens: audio,
        } = fields.prompt_tokens_details;
        const prompt = Number(fields.prompt_tokens);
        const beside = prompt + Number(cached ?? 0) + Number(written ?? 0);
        const inputs = [prompt, beside, prompt + Number(audio ?? 0), beside + Number(audio ?? 0)];
        expect(reading.kind === "unusable" || (inputs.includes(input) && sums.includes(output))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
