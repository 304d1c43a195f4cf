import { openAiToolNames } from "../parameters/tool-names.ts";
import { translatedParameters } from "../parameters/translated-request.ts";

export const bedrockParameters = translatedParameters({
  toolNames: openAiToolNames,
  missing: { parallel_tool_calls: "reject" },
});

/** Families whose own fields for `top_k` and thinking are known; every other lacks both. */
export const claudeModels = /anthropic\.claude/;
