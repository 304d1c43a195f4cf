import type { Answer, AnswerChoice } from "../../answer/answer.ts";
import { splitByTokens } from "../../text/count-tokens.ts";
import type { JsonObject } from "../../text/json-object.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { encodeResponse, endingOf, itemId, itemOf, partOf, reasoningItem, responseHead } from "./response.ts";

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * The events of a streamed response, numbered from 0: created and in progress, every item with its parts and their
 * pieces, each closed with its whole, and at last the whole response. There is no `[DONE]`.
 */
export function* encodeResponseStream(
  answer: Answer,
  request: JsonObject,
  model: string,
  context: AnswerContext,
): Generator<AnswerChunk> {
  let sequence = 0;
  const encode = ({ type, ...rest }: Event): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...rest })}\n\n`;
  const begun = {
    ...responseHead(request, model, context),
    status: "in_progress",
    incomplete_details: null,
    output: [],
    usage: null,
  };
  yield { text: encode({ type: "response.created", response: begun }), generatedTokens: 0 };
  yield { text: encode({ type: "response.in_progress", response: begun }), generatedTokens: 0 };

  const { reasoning } = answer.tokens;
  let generatedTokens = reasoning;
  const thoughts = reasoning > 0 ? [reasoningItem(context)] : [];
  for (const item of thoughts) {
    yield { text: encode({ type: "response.output_item.added", output_index: 0, item }), generatedTokens };
    yield { text: encode({ type: "response.output_item.done", output_index: 0, item }), generatedTokens };
  }
  for (const [index, choice] of answer.choices.entries()) {
    const place = { item_id: itemId(choice, index, context), output_index: thoughts.length + index };
    for (const event of openingOf(choice, place)) yield { text: encode(event), generatedTokens };
    for (const piece of splitByTokens(choice.content.text, context.plan.chunkTokens)) {
      generatedTokens += piece.tokens;
      yield { text: encode(deltaOf(choice, place, piece.text)), generatedTokens };
    }
    for (const event of closingOf(choice, place, answer)) yield { text: encode(event), generatedTokens };
  }

  const whole = encodeResponse(answer, request, model, context);
  const response = context.plan.reportsUsageInStreams ? whole : { ...whole, usage: null };
  yield { text: encode({ type: `response.${endingOf(answer).status}`, response }), generatedTokens };
}

interface Place {
  readonly item_id: string;
  readonly output_index: number;
}

function openingOf({ content }: AnswerChoice, { item_id, output_index }: Place): Event[] {
  const common = { id: item_id, status: "in_progress" };
  if (content.kind === "tool_call") {
    const item = { ...common, type: "function_call", call_id: content.callId, name: content.toolName, arguments: "" };
    return [{ type: "response.output_item.added", output_index, item }];
  }
  const item = { ...common, type: "message", role: "assistant", content: [] };
  return [
    { type: "response.output_item.added", output_index, item },
    { type: "response.content_part.added", item_id, output_index, content_index: 0, part: partOf(content.kind, "") },
  ];
}

function deltaOf({ content }: AnswerChoice, place: Place, delta: string): Event {
  switch (content.kind) {
    case "tool_call":
      return { type: "response.function_call_arguments.delta", ...place, delta };
    case "refusal":
      return { type: "response.refusal.delta", ...place, content_index: 0, delta };
    case "text":
      return { type: "response.output_text.delta", ...place, content_index: 0, delta, logprobs: [] };
  }
}

function closingOf(choice: AnswerChoice, place: Place, answer: Answer): Event[] {
  const { content } = choice;
  const { item_id, output_index } = place;
  const item = itemOf(choice, item_id, endingOf(answer).status);
  const done: Event = { type: "response.output_item.done", output_index, item };
  if (content.kind === "tool_call") {
    const { text, toolName } = content;
    return [{ type: "response.function_call_arguments.done", ...place, name: toolName, arguments: text }, done];
  }
  const whole =
    content.kind === "refusal"
      ? { type: "response.refusal.done", refusal: content.text }
      : { type: "response.output_text.done", text: content.text, logprobs: [] };
  const part = partOf(content.kind, content.text);
  return [
    { ...whole, ...place, content_index: 0 },
    { type: "response.content_part.done", ...place, content_index: 0, part },
    done,
  ];
}
