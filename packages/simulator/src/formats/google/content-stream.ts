import type { Answer } from "../../answer/answer.ts";
import { countTokens, splitByTokens } from "../../text/count-tokens.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { candidate, envelope, finishReason, partsOf, thoughtPart } from "./content.ts";
import { encodeLogprobs, type WantedLogprobs } from "./logprobs.ts";
import { encodeUsageMetadata } from "./usage.ts";

export function encodeResponseEvent(json: string): string {
  return `data: ${json}\r\n\r\n`;
}

/**
 * The responses of a stream, each with the parts of one candidate that are new. All of them report usage: those before the
 * last what was read. Nothing marks the end but the finish reason.
 */
export function* encodeContentStream(
  answer: Answer,
  model: string,
  wanted: WantedLogprobs,
  context: AnswerContext,
): Generator<AnswerChunk> {
  const { plan } = context;
  const { tokens } = answer;
  const write = (said: object, isLast = false): string => {
    const counts = isLast ? tokens : { ...tokens, output: 0, reasoning: 0 };
    const usage = plan.reportsUsageInStreams ? encodeUsageMetadata(counts, plan) : {};
    return encodeResponseEvent(JSON.stringify({ candidates: [said], ...usage, ...envelope(model, context) }));
  };
  let generatedTokens = tokens.reasoning;
  for (const [index, choice] of answer.choices.entries()) {
    if (tokens.reasoning > 0) yield { text: write(candidate(index, [thoughtPart()], undefined)), generatedTokens };
    if (choice.content.kind === "tool_call") {
      generatedTokens += countTokens(choice.content.text);
      yield { text: write(candidate(index, partsOf(choice.content, context), undefined)), generatedTokens };
    } else {
      for (const piece of splitByTokens(choice.content.text, plan.chunkTokens)) {
        generatedTokens += piece.tokens;
        const said = candidate(index, [{ text: piece.text }], undefined);
        yield { text: write({ ...said, ...encodeLogprobs(piece.text, wanted) }), generatedTokens };
      }
    }
    const isLast = index === answer.choices.length - 1;
    yield { text: write(candidate(index, [{ text: "" }], finishReason(choice)), isLast), generatedTokens };
  }
}
