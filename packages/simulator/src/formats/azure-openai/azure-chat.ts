import type { Answer } from "../../answer/answer.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { encodeChatCompletion } from "../openai/chat-completion.ts";
import type { ChatEncoder } from "../openai/chat-endpoint.ts";
import { encodeChatStream } from "../openai/chat-stream.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { filterResults, promptFilterResults } from "./content-filter.ts";

/** OpenAI's answers with what the filters of Azure found beside the prompt and every choice. */
export const encodeAzureChat: ChatEncoder = (answer, model, context, stream) =>
  stream === undefined
    ? encodeCompletion(answer, model, context)
    : annotateStream(encodeChatStream(answer, model, context, stream.asksForUsage));

/** A choice that was filtered has no message at all. */
function encodeCompletion(answer: Answer, model: string, context: AnswerContext): string {
  const completion = JSON.parse(encodeChatCompletion(answer, model, context)) as JsonObject;
  const choices = choicesOf(completion).map(({ message, ...choice }) => {
    const isFiltered = choice["finish_reason"] === "content_filter";
    return { ...choice, content_filter_results: filterResults(isFiltered), ...(isFiltered ? {} : { message }) };
  });
  return JSON.stringify({ ...completion, choices, prompt_filter_results: promptFilterResults });
}

/** The first event tells of the prompt alone: it has no choices, no model and no id. */
function* annotateStream(chunks: Iterable<AnswerChunk>): Generator<AnswerChunk> {
  const first = { choices: [], created: 0, id: "", model: "", object: "", prompt_filter_results: promptFilterResults };
  yield { text: `data: ${JSON.stringify(first)}\n\n`, generatedTokens: 0 };
  for (const { text, generatedTokens } of chunks) yield { text: annotate(text.toString()), generatedTokens };
}

function annotate(event: string): string {
  const data = event.slice("data: ".length).trim();
  if (data === "[DONE]") return event;
  const chunk = JSON.parse(data) as JsonObject;
  const choices = choicesOf(chunk).map((choice) => ({
    ...choice,
    content_filter_results: hasContent(choice) ? filterResults(choice["finish_reason"] === "content_filter") : {},
  }));
  return `data: ${JSON.stringify({ ...chunk, choices })}\n\n`;
}

function hasContent({ delta, finish_reason: finish }: JsonObject): boolean {
  return (
    finish === "content_filter" ||
    (isJsonObject(delta) && typeof delta["content"] === "string" && delta["content"] !== "")
  );
}

function choicesOf({ choices }: JsonObject): readonly JsonObject[] {
  return Array.isArray(choices) ? choices.filter(isJsonObject) : [];
}
