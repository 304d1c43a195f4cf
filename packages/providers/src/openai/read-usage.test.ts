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

  test("takes decimal digits for the count that they are", () => {
    const raw = {
      prompt_tokens: "10",
      completion_tokens: "5",
      total_tokens: "15",
      prompt_tokens_details: { cached_tokens: "4" },
    };
    expect(readOpenAiUsage(raw, "chat")).toEqual({
      kind: "usable",
      usage: { input: 6, cached_input: 4, output: 5 },
      warnings: [],
    });
  });

  test.each([
    ["sources (xAI)", { num_sources_used: 7 }],
    ["searches (OpenRouter)", { server_tool_use_details: { web_search_requests: 7 } }],
    ["searches, as told to Anthropic's clients", { server_tool_use: { web_search_requests: 7 } }],
  ])("meters %s apart from the tokens", (_, told) => {
    const raw = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...told };
    expect(readOpenAiUsage(raw, "chat")).toMatchObject({ usage: { input: 10, output: 5, search_units: 7 } });
  });
});
