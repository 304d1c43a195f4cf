import type { Answer } from "../../answer/answer.ts";
import type { TokenCounts } from "../../answer/token-counts.ts";
import type { AnswerPlan } from "../../behaviour/plan-call.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import type { AnswerContext } from "../wire-format.ts";

/** What is shown of thinking; its length has nothing to do with the tokens that were thought. */
export const THOUGHT = "Let me think about what is asked.";

/** What the model says before it calls a tool. */
export const TOOL_PLAN = "I will look that up.";

/** The JSON body of an answer. */
export function encodeChat(answer: Answer, context: AnswerContext): string {
  const [choice] = answer.choices;
  const thought = answer.tokens.reasoning > 0 ? [{ type: "thinking", thinking: THOUGHT }] : [];
  const { content } = choice ?? {};
  const isCall = content?.kind === "tool_call";
  const text = content === undefined || isCall || content.text === "" ? [] : [{ type: "text", text: content.text }];
  const blocks = [...thought, ...text];
  const call = isCall
    ? { tool_plan: TOOL_PLAN, tool_calls: [callOf(content.callId, content.toolName, content.text)] }
    : {};
  return JSON.stringify({
    id: context.callId,
    finish_reason: finishReasonOf(answer),
    message: { role: "assistant", ...(blocks.length === 0 ? {} : { content: blocks }), ...call },
    ...encodeUsage(answer.tokens, context.plan),
  });
}

export function callOf(callId: string, name: string, argumentsJson: string): object {
  return { id: callId.replace(/^call_/, `${name}_`), type: "function", function: { name, arguments: argumentsJson } };
}

/** The API has no word for an answer that a filter stopped. */
export function finishReasonOf({ choices: [choice] }: Answer): string {
  switch (choice?.finish) {
    case "length":
      return "MAX_TOKENS";
    case "tool_call":
      return "TOOL_CALL";
    case "content_filter":
      return "ERROR";
    case "stop":
    case undefined:
      return "COMPLETE";
  }
}

/** What is billed contains the cached tokens, and the thoughts. */
export function encodeUsage(tokens: TokenCounts, { malformedUsage }: AnswerPlan): object {
  if (malformedUsage === "missing") return {};
  const count = (value: number): number | string | null => reportedCount(value, malformedUsage);
  const units = {
    input_tokens: count(tokens.input + tokens.cachedInput),
    output_tokens: count(tokens.output + tokens.reasoning),
  };
  return {
    usage: {
      billed_units: units,
      tokens: { ...units, reasoning_tokens: count(tokens.reasoning) },
      cached_tokens: count(tokens.cachedInput),
    },
  };
}
