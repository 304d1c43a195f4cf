import type { ParameterRules } from "../parameters/parameter-rules.ts";

/** What client code depends on and Converse lacks; hints and unknown fields are dropped. */
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
  "stop",
  "tools",
  "tool_choice",
  "response_format",
  "reasoning_effort",
]);

/** Families whose own fields for `top_k` and thinking are known; every other lacks both. */
export const claudeModels = /anthropic\.claude/;
/** Claude models that can think, by a budget of tokens. */
export const thinkingModels = /anthropic\.claude-(?:3-7|(?:opus|sonnet|haiku)-[4-9])/;
export const leastThinkingTokens = 1_024;

/** Tokens to think with. */
export const thinkingBudgets: { readonly [effort: string]: number } = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};
