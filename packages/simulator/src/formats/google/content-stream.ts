import type { Answer } from "../../answer/answer.ts";
import { splitByTokens } from "../../text/count-tokens.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { candidate, envelope, finishReason, partsOf, thoughtPart } from "./content.ts";
import { encodeUsageMetadata } from "./usage.ts";

export function encodeResponseEvent(json: string): string {
  return `data: ${json}\r\n\r\n`;
}

/**
 * The responses of a stream, each with the parts that are new. All of them report usage: those before the last what
 * was read. Nothing marks the end but the finish reason.
 */
export function* encodeContentStream(answer: Answer, model: string, context: AnswerContext): Generator<AnswerChunk> {
  const { plan } = context;
  const { tokens } = answer;
  const write = (parts: readonly object[], finish: string | undefined): string => {
    const counts = finish === undefined ? { ...tokens, output: 0, reasoning: 0 } : tokens;
    const usage = plan.reportsUsageInStreams ? encodeUsageMetadata(counts, plan) : {};
    return encodeResponseEvent(JSON.stringify({ ...candidate(parts, finish), ...usage, ...envelope(model, context) }));
  };
  const [choice] = answer.choices;
  let generatedTokens = tokens.reasoning;
  if (tokens.reasoning > 0) yield { text: write([thoughtPart()], undefined), generatedTokens };
  if (choice?.content.kind === "tool_call") {
    generatedTokens += tokens.output;
    yield { text: write(partsOf(choice.content, context), undefined), generatedTokens };
  } else if (choice !== undefined) {
    for (const piece of splitByTokens(choice.content.text, plan.chunkTokens)) {
      generatedTokens += piece.tokens;
      yield { text: write([{ text: piece.text }], undefined), generatedTokens };
    }
  }
  yield { text: write([{ text: "" }], finishReason(choice)), generatedTokens };
}
