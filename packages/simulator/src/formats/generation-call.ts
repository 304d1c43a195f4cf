import type { Answer, GenerationRequest, PromptMarks } from "../answer/answer.ts";
import { composeAnswer } from "../answer/compose-answer.ts";
import type { AnswerContext, CallReading, WireAnswer } from "./wire-format.ts";

const CALLS_TOOL = "[[tool]]";
const REFUSES = "[[refuse]]";
const THINKS = "[[think]]";

/** What the user's last turn makes the model do, whatever its behaviour; nothing where the last turn is another's. */
export function readMarks(lastTurn: unknown): PromptMarks {
  const isUsers = typeof lastTurn === "object" && lastTurn !== null && "role" in lastTurn && lastTurn.role === "user";
  const text = isUsers ? JSON.stringify(lastTurn) : "";
  return { callsTool: text.includes(CALLS_TOOL), refuses: text.includes(REFUSES), thinks: text.includes(THINKS) };
}

/** A request for generated text as a protocol has understood it. */
export interface GenerationReading {
  readonly model: string;
  readonly isStream: boolean;
  readonly inputTokens: number;
  readonly request: GenerationRequest;
  /** Writes the answer in the protocol's words, in whole or as the chunks of a stream. */
  readonly encode: (answer: Answer, context: AnswerContext) => WireAnswer["body"];
}

/** The call that every protocol for generated text comes down to. */
export function generationCall({ model, isStream, inputTokens, request, encode }: GenerationReading): CallReading {
  return {
    call: {
      model,
      isStream,
      inputTokens,
      answer(context) {
        const answer = composeAnswer(request, inputTokens, context.plan, context.dice, context.corpus);
        return { body: encode(answer, context), tokens: answer.tokens };
      },
    },
  };
}
