import type { ParameterRules } from "../parameters/parameter-rules.ts";

/** What Anthropic has nothing for. Fields that are in neither list are unknown to both sides: dropped with a warning. */
export const missingParameters = {
  n: "reject",
  logprobs: "reject",
  top_logprobs: "reject",
  modalities: "reject",
  audio: "reject",
  functions: "reject",
  function_call: "reject",
  web_search_options: "reject",
  seed: "drop",
  frequency_penalty: "drop",
  presence_penalty: "drop",
  logit_bias: "drop",
  metadata: "drop",
  store: "drop",
  service_tier: "drop",
  prediction: "drop",
  verbosity: "drop",
  safety_identifier: "drop",
  prompt_cache_key: "drop",
  prompt_cache_retention: "drop",
  prompt_cache_options: "drop",
  moderation: "drop",
} as const satisfies ParameterRules;

/** What the encoder translates. */
export const translatedParameters: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "top_k",
  "stop",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "reasoning_effort",
  "user",
]);
