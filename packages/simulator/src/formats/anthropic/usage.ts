import type { TokenCounts } from "../../answer/token-counts.ts";
import type { AnswerPlan } from "../../behaviour/plan-call.ts";
import { reportedCount } from "../../faults/malformed-count.ts";

/** Usage of a whole answer, or of as much as has been generated. Input, cached input and output never overlap here. */
export function encodeUsage(tokens: TokenCounts, { malformedUsage }: AnswerPlan): object {
  if (malformedUsage === "missing") return {};
  const count = (value: number): number | string | null => reportedCount(value, malformedUsage);
  return {
    usage: {
      input_tokens: count(tokens.input),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: count(tokens.cachedInput),
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: count(tokens.output + tokens.reasoning),
      output_tokens_details: { thinking_tokens: count(tokens.reasoning) },
      service_tier: "standard",
    },
  };
}
