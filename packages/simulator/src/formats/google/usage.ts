import type { TokenCounts } from "../../answer/token-counts.ts";
import type { AnswerPlan } from "../../behaviour/plan-call.ts";
import { reportedCount } from "../../faults/malformed-count.ts";

/** Cached tokens are part of the prompt, thoughts stand beside the candidates, and what is zero is left out. */
export function encodeUsageMetadata(tokens: TokenCounts, { malformedUsage }: AnswerPlan): object {
  if (malformedUsage === "missing") return {};
  const count = (value: number): number | string | null => reportedCount(value, malformedUsage);
  const prompt = tokens.input + tokens.cachedInput;
  return {
    usageMetadata: {
      promptTokenCount: count(prompt),
      ...(tokens.cachedInput === 0 ? {} : { cachedContentTokenCount: count(tokens.cachedInput) }),
      ...(tokens.output === 0 ? {} : { candidatesTokenCount: count(tokens.output) }),
      ...(tokens.reasoning === 0 ? {} : { thoughtsTokenCount: count(tokens.reasoning) }),
      totalTokenCount: count(prompt + tokens.output + tokens.reasoning),
      promptTokensDetails: [{ modality: "TEXT", tokenCount: count(prompt) }],
    },
  };
}
