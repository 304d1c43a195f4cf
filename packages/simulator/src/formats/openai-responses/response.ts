import type { Answer, AnswerChoice } from "../../answer/answer.ts";
import type { TokenCounts } from "../../answer/token-counts.ts";
import type { MalformedUsage } from "../../behaviour/behaviour.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import type { JsonObject } from "../../text/json-object.ts";
import type { AnswerContext } from "../wire-format.ts";

export type ResponseStatus = "in_progress" | "completed" | "incomplete";

/** The fields of a response that do not depend on how far it is. */
export function responseHead(request: JsonObject, model: string, context: AnswerContext): object {
  return {
    id: `resp_${context.callId}`,
    object: "response",
    created_at: context.createdSeconds,
    background: false,
    access_programs: null,
    error: null,
    instructions: request["instructions"] ?? null,
    max_output_tokens: request["max_output_tokens"] ?? null,
    metadata: request["metadata"] ?? {},
    model,
    parallel_tool_calls: request["parallel_tool_calls"] ?? true,
    previous_response_id: request["previous_response_id"] ?? null,
    reasoning: request["reasoning"] ?? { effort: null, summary: null },
    service_tier: "default",
    store: request["store"] ?? true,
    temperature: request["temperature"] ?? 1,
    text: request["text"] ?? { format: { type: "text" } },
    tool_choice: request["tool_choice"] ?? "auto",
    tools: request["tools"] ?? [],
    top_p: request["top_p"] ?? 1,
    truncation: request["truncation"] ?? "disabled",
  };
}

/** A whole response. */
export function encodeResponse(answer: Answer, request: JsonObject, model: string, context: AnswerContext): object {
  const { status } = endingOf(answer);
  const items = answer.choices.map((choice, index) => itemOf(choice, itemId(choice, index, context), status));
  const thoughts = answer.tokens.reasoning > 0 ? [reasoningItem(context)] : [];
  return {
    ...responseHead(request, model, context),
    ...endingOf(answer),
    output: [...thoughts, ...items],
    ...usageOf(answer.tokens, context.plan.malformedUsage),
  };
}

export function endingOf({ choices: [choice] }: Answer): { status: ResponseStatus; incomplete_details: object | null } {
  switch (choice?.finish) {
    case "length":
      return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    case "content_filter":
      return { status: "incomplete", incomplete_details: { reason: "content_filter" } };
    default:
      return { status: "completed", incomplete_details: null };
  }
}

export function itemId({ content }: AnswerChoice, index: number, { callId }: AnswerContext): string {
  return `${content.kind === "tool_call" ? "fc" : "msg"}_${callId}${index}`;
}

/** A finished item of the output. */
export function itemOf({ content }: AnswerChoice, id: string, status: ResponseStatus): object {
  if (content.kind === "tool_call") {
    const { callId, toolName, text } = content;
    return { id, type: "function_call", status, call_id: callId, name: toolName, arguments: text };
  }
  return { id, type: "message", status, role: "assistant", content: [partOf(content.kind, content.text)] };
}

export function partOf(kind: "text" | "refusal", text: string): object {
  return kind === "refusal"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", text, annotations: [], logprobs: [] };
}

/** Hidden reasoning: an empty summary, and something that only the provider can read. */
export function reasoningItem({ callId, modelSeed }: AnswerContext): object {
  const encrypted_content = Buffer.from(modelSeed.buffer).toString("base64");
  return { id: `rs_${callId}`, type: "reasoning", summary: [], encrypted_content };
}

/** Here the meters overlap: `input_tokens` contains the cached ones and `output_tokens` the reasoning ones. */
export function usageOf(tokens: TokenCounts, malformed: MalformedUsage | undefined): object {
  if (malformed === "missing") return { usage: null };
  const count = (value: number): number | string | null => reportedCount(value, malformed);
  const input = tokens.input + tokens.cachedInput;
  const output = tokens.output + tokens.reasoning;
  return {
    usage: {
      input_tokens: count(input),
      input_tokens_details: { cached_tokens: count(tokens.cachedInput), cache_write_tokens: 0 },
      output_tokens: count(output),
      output_tokens_details: { reasoning_tokens: count(tokens.reasoning) },
      total_tokens: count(input + output),
    },
  };
}
