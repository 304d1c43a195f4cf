import type { Answer, AnswerChoice, ChoiceContent } from "../../answer/answer.ts";
import type { AnswerContext } from "../wire-format.ts";
import { encodeLogprobs, type WantedLogprobs } from "./logprobs.ts";
import { encodeUsageMetadata } from "./usage.ts";

/** What stands in a summary of thoughts; its length has nothing to do with the tokens that were thought. */
const THOUGHT_SUMMARY = "Let me think about what is asked.";

/** The JSON body of an answer, with a candidate for each choice. */
export function encodeContent(answer: Answer, model: string, wanted: WantedLogprobs, context: AnswerContext): string {
  const thought = answer.tokens.reasoning > 0 ? [thoughtPart()] : [];
  const candidates = answer.choices.map((choice, index) => ({
    ...candidate(index, [...thought, ...partsOf(choice.content, context)], finishReason(choice)),
    ...(choice.content.kind === "tool_call" ? {} : encodeLogprobs(choice.content.text, wanted)),
  }));
  return JSON.stringify({
    candidates,
    ...encodeUsageMetadata(answer.tokens, context.plan),
    ...envelope(model, context),
  });
}

export function thoughtPart(): object {
  return { text: THOUGHT_SUMMARY, thought: true };
}

/** A refusal of the model's own is text like any other here. A call comes whole. */
export function partsOf(content: ChoiceContent, { modelSeed }: AnswerContext): object[] {
  if (content.kind !== "tool_call") return content.text === "" ? [] : [{ text: content.text }];
  const thoughtSignature = Buffer.from(modelSeed.buffer).toString("base64");
  return [{ functionCall: { name: content.toolName, args: parseWhole(content.text) }, thoughtSignature }];
}

export function candidate(index: number, parts: readonly object[], finish: string | undefined): object {
  const content = { role: "model", ...(parts.length === 0 ? {} : { parts }) };
  return { content, ...(finish === undefined ? {} : { finishReason: finish }), index };
}

/** Tool calls end like any other answer. */
export function finishReason({ finish }: AnswerChoice): string {
  switch (finish) {
    case "length":
      return "MAX_TOKENS";
    case "content_filter":
      return "SAFETY";
    case "stop":
    case "tool_call":
      return "STOP";
  }
}

export function envelope(model: string, { callId }: AnswerContext): object {
  return { modelVersion: model, responseId: callId };
}

/** Arguments that the limit has cut are no JSON; a whole call then holds none of them. */
function parseWhole(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
