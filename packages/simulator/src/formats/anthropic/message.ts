import type { Answer, AnswerChoice } from "../../answer/answer.ts";
import type { AnswerContext } from "../wire-format.ts";
import { encodeUsage } from "./usage.ts";

/** What stands in a summary of thinking; its length has nothing to do with the tokens that were thought. */
export const THINKING_SUMMARY = "Let me think about what is asked.";

export interface Ending {
  readonly stop_reason: string;
  readonly stop_sequence: null;
  readonly stop_details?: object | null;
}

/** The fields that a message begins with, whole or streamed. */
export function messageHead(model: string, context: AnswerContext): object {
  return { id: `msg_${context.callId}`, type: "message", role: "assistant", model };
}

/** The JSON body of a message. */
export function encodeMessage(answer: Answer, model: string, context: AnswerContext): string {
  const content = answer.choices.flatMap((choice) => contentOf(choice));
  const thinking = answer.tokens.reasoning > 0 ? [thinkingBlock(context, THINKING_SUMMARY, true)] : [];
  return JSON.stringify({
    ...messageHead(model, context),
    content: [...thinking, ...content],
    ...endingOf(answer),
    ...encodeUsage(answer.tokens, context.plan),
  });
}

export function thinkingBlock({ modelSeed }: AnswerContext, thinking: string, isSigned: boolean): object {
  return { type: "thinking", thinking, signature: isSigned ? signatureOf(modelSeed) : "" };
}

export function signatureOf(modelSeed: AnswerContext["modelSeed"]): string {
  return Buffer.from(modelSeed.buffer).toString("base64");
}

/** Why the message ended. A refusal is explained beside the content, not in it. */
export function endingOf({ choices: [choice] }: Answer): Ending {
  if (choice?.content.kind === "refusal") {
    const details = { type: "refusal", category: null, explanation: choice.content.text };
    return { stop_reason: "refusal", stop_sequence: null, stop_details: details };
  }
  switch (choice?.finish) {
    case "length":
      return { stop_reason: "max_tokens", stop_sequence: null };
    case "tool_call":
      return { stop_reason: "tool_use", stop_sequence: null };
    case "content_filter":
      return { stop_reason: "refusal", stop_sequence: null, stop_details: null };
    case "stop":
    case undefined:
      return { stop_reason: "end_turn", stop_sequence: null };
  }
}

/** An answer without a word has no blocks. */
function contentOf({ content }: AnswerChoice): object[] {
  if (content.kind === "tool_call") {
    const input = parseWhole(content.text);
    return [{ type: "tool_use", id: toolUseId(content.callId), name: content.toolName, input }];
  }
  return content.kind === "refusal" || content.text === "" ? [] : [{ type: "text", text: content.text }];
}

export function toolUseId(callId: string): string {
  return callId.replace(/^call_/, "toolu_");
}

/** Arguments that the limit has cut are no JSON; a whole message then holds none of them. */
function parseWhole(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
