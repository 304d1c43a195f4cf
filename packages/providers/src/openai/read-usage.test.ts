import { inputTokenMeters, outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readOpenAiUsage } from "./read-usage.ts";

describe("readOpenAiUsage", () => {
  test.each<[string, object, object]>([
    ["plain counts", { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }, { input: 10, output: 5 }],
    ["no total", { prompt_tokens: 10, completion_tokens: 5 }, { input: 10, output: 5 }],
    ["zeros", { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, {}],
    [
      "everything itemised",
      {
        prompt_tokens: 100,
        completion_tokens: 60,
        total_tokens: 160,
        prompt_tokens_details: {
          cached_tokens: 40,
          cache_write_tokens: 10,
          audio_tokens: 5,
          image_tokens: 15,
          text_tokens: 80,
        },
        completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 10, accepted_prediction_tokens: 3 },
      },
      {
        input: 30,
        cached_input: 40,
        cache_write_30m: 10,
        audio_input: 5,
        image_input: 15,
        output: 20,
        reasoning: 30,
        audio_output: 10,
      },
    ],
    [
      "details that are null",
      {
        prompt_tokens: 3,
        completion_tokens: 2,
        total_tokens: 5,
        prompt_tokens_details: null,
        completion_tokens_details: { reasoning_tokens: null },
      },
      { input: 3, output: 2 },
    ],
    [
      "DeepSeek's cache",
      { prompt_tokens: 10, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2, completion_tokens: 1 },
      { input: 2, cached_input: 8, output: 1 },
    ],
    [
      "audio that is cached as well",
      { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 8, audio_tokens: 5 } },
      { cached_input: 8, audio_input: 2, output: 1 },
    ],
    [
      "reasoning outside completion, as the total shows (xAI)",
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 115,
        completion_tokens_details: { reasoning_tokens: 100 },
      },
      { input: 10, output: 5, reasoning: 100 },
    ],
  ])("makes disjoint meters of %s", (_, raw, usage) => {
    expect(readOpenAiUsage(raw, "chat")).toEqual({ kind: "usable", usage, warnings: [] });
  });

  test.each<[string, object, object]>([
    [
      "a cache beside the prompt (Grok at Azure)",
      { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11, prompt_tokens_details: { cached_tokens: 64 } },
      { input: 10, cached_input: 64, output: 1 },
    ],
    [
      "audio beside the prompt (Mistral)",
      { prompt_tokens: 7, completion_tokens: 5, total_tokens: 387, prompt_tokens_details: { audio_tokens: 375 } },
      { input: 7, audio_input: 375, output: 5 },
    ],
    [
      "cached tokens at the top (older Mistral)",
      { prompt_tokens: 90, completion_tokens: 5, total_tokens: 95, num_cached_tokens: 64 },
      { input: 26, cached_input: 64, output: 5 },
    ],
    [
      "cache creation among the details (Qwen)",
      {
        prompt_tokens: 2_000,
        completion_tokens: 5,
        total_tokens: 2_005,
        prompt_tokens_details: { cached_tokens: 0, cache_creation_input_tokens: 1_500 },
      },
      { input: 500, cache_write_5m: 1_500, output: 5 },
    ],
    [
      "more reasoning than was written (OpenRouter, after an error)",
      {
        prompt_tokens: 43,
        completion_tokens: 10,
        total_tokens: 53,
        completion_tokens_details: { reasoning_tokens: 11 },
      },
      { input: 43, reasoning: 10 },
    ],
  ])("understands %s", (_, raw, usage) => {
    expect(readOpenAiUsage(raw, "chat")).toMatchObject({ kind: "usable", usage });
  });

  test("finds reasoning that only the total shows, where a server counts it apart", () => {
    const raw = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 40 };
    expect(readOpenAiUsage(raw, "chat", { reasoningIsOutside: true })).toEqual({
      kind: "usable",
      usage: { input: 10, output: 5, reasoning: 25 },
      warnings: [],
    });
  });

  test("needs no completion for embeddings, and does for chat", () => {
    const raw = { prompt_tokens: 8, total_tokens: 8 };
    expect(readOpenAiUsage(raw, "embeddings")).toEqual({ kind: "usable", usage: { input: 8 }, warnings: [] });
    expect(readOpenAiUsage(raw, "chat")).toEqual({ kind: "unusable", problem: "completion_tokens is missing" });
  });

  test("warns of a total that does not add up, and bills the parts", () => {
    expect(readOpenAiUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 20 }, "chat")).toEqual({
      kind: "usable",
      usage: { input: 10, output: 5 },
      warnings: ["total_tokens is 20, but prompt and completion add up to 15"],
    });
  });

  const hostileCounts = [-1, Number.NaN, Infinity, 1e308, 2 ** 53, 1.5, "12", "", true, [], {}, [5], -0.5, 1e-9];

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
