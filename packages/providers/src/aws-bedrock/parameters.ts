import { openAiToolNames } from "../parameters/tool-names.ts";
import { translatedParameters } from "../parameters/translated-request.ts";

export const bedrockParameters = translatedParameters({
  toolNames: openAiToolNames,
  missing: { parallel_tool_calls: "reject" },
});

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
