import type { TokenCounts } from "../../answer/token-counts.ts";
import type { AnswerPlan } from "../../behaviour/plan-call.ts";
import { reportedCount } from "../../faults/malformed-count.ts";

/**
 * OpenAI's `usage` of a completion. Here the meters overlap: `prompt_tokens` contains the cached ones and
 * `completion_tokens` the reasoning ones. Undefined when the provider leaves it out. `cost` is no field of OpenAI's: routers
 * and a few others add what they say that the answer cost, in dollars.
 */
export function encodeUsage(
  tokens: TokenCounts,
  { malformedUsage: malformed, reportedCost }: AnswerPlan,
): object | undefined {
  if (malformed === "missing") return undefined;
  const prompt = tokens.input + tokens.cachedInput;
  const completion = tokens.output + tokens.reasoning;
  return {
    prompt_tokens: reportedCount(prompt, malformed),
    completion_tokens: reportedCount(completion, malformed),
    total_tokens: reportedCount(prompt + completion, malformed),
    prompt_tokens_details: { cached_tokens: reportedCount(tokens.cachedInput, malformed), audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reportedCount(tokens.reasoning, malformed),
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(reportedCost === undefined ? {} : { cost: reportedCost }),
  };
}
