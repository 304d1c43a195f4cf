import { openAiToolNames } from "../parameters/tool-names.ts";
import { translatedParameters } from "../parameters/translated-request.ts";

export const bedrockParameters = translatedParameters({
  toolNames: openAiToolNames,
  missing: { parallel_tool_calls: "reject" },
});

/** Whose own fields for thinking, effort and `top_k` are known, as Anthropic has them. */
export const claudeModels = /anthropic\.claude/;

/** Other families that take an effort, under names of their own. */
export const effortFields: readonly { readonly models: RegExp; readonly field: string }[] = [
  { models: /openai\.gpt-oss/, field: "reasoning_effort" },
  { models: /qwen\.qwen3/, field: "reasoning_config" },
];

/** They know three levels. */
export const efforts: { readonly [effort: string]: string } = {
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "high",
  max: "high",
};
