import { inputTokenMeters, outputTokenMeters, totalQuantity, type Usage } from "@switchyard/metering/meters";

/** Disjoint meters as OpenAI spells them: totals that hold their details (wire formats 1.6). */
export function openAiUsage(usage: Usage): object {
  const promptTokens = totalQuantity(usage, inputTokenMeters);
  const completionTokens = totalQuantity(usage, outputTokenMeters);
  const cacheWriteTokens = totalQuantity(usage, [
    "cache_write_5m",
    "cache_write_30m",
    "cache_write_1h",
    "cache_write_12h",
  ]);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cached_input ?? 0, cache_write_tokens: cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}
