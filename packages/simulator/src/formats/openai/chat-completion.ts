import type { Answer, AnswerChoice, FinishCause } from "../../answer/answer.ts";
import type { AnswerContext } from "../wire-format.ts";
import { encodeUsage } from "./usage.ts";

/** OpenAI's words for why a choice ended. */
export const FINISH_REASONS: Readonly<Record<FinishCause, string>> = {
  stop: "stop",
  length: "length",
  tool_call: "tool_calls",
  content_filter: "content_filter",
};

/** The fields that a completion and each chunk of a streamed one begin with. */
export function completionHead(object: string, model: string, context: AnswerContext): object {
  return {
    id: `chatcmpl-${context.callId}`,
    object,
    created: context.createdSeconds,
    model,
    service_tier: "default",
    system_fingerprint: `fp_${(context.modelSeed[0] ?? 0).toString(16).padStart(8, "0")}`,
  };
}

/** The JSON body of a chat completion. */
export function encodeChatCompletion(answer: Answer, model: string, context: AnswerContext): string {
  return JSON.stringify({
    ...completionHead("chat.completion", model, context),
    choices: answer.choices.map(encodeChoice),
    usage: encodeUsage(answer.tokens, context.plan),
  });
}

function encodeChoice({ content, finish }: AnswerChoice, index: number): object {
  const message = {
    role: "assistant",
    content: content.kind === "text" ? content.text : null,
    refusal: content.kind === "refusal" ? content.text : null,
    ...(content.kind === "tool_call" && {
      tool_calls: [
        { id: content.callId, type: "function", function: { name: content.toolName, arguments: content.text } },
      ],
    }),
    annotations: [],
  };
  return { index, message, logprobs: null, finish_reason: FINISH_REASONS[finish] };
}
