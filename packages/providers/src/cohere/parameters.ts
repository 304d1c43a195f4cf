import { openAiToolNames } from "../parameters/tool-names.ts";
import { translatedParameters } from "../parameters/translated-request.ts";

export const cohereParameters = translatedParameters({
  toolNames: openAiToolNames,
  missing: { parallel_tool_calls: "reject" },
  translated: ["seed", "presence_penalty", "frequency_penalty"],
});

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
