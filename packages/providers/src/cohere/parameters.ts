import type { ParameterRules } from "../parameters/parameter-rules.ts";

/** What client code depends on and Cohere lacks; hints and unknown fields are dropped. */
export const missingParameters = {
  n: "reject",
  logprobs: "reject",
  top_logprobs: "reject",
  modalities: "reject",
  audio: "reject",
  functions: "reject",
  function_call: "reject",
  parallel_tool_calls: "reject",
  web_search_options: "reject",
} as const satisfies ParameterRules;

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
  "seed",
  "presence_penalty",
  "frequency_penalty",
  "stop",
  "tools",
  "tool_choice",
  "response_format",
  "reasoning_effort",
]);

export const mostStopSequences = 5;
/** Of `p`; what is outside becomes the nearest of these. */
export const nucleus = { least: 0.01, most: 0.99 };

/** Tokens to think with; `none` switches thinking off. */
export const thinkingBudgets: { readonly [effort: string]: number } = {
  minimal: 512,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};
