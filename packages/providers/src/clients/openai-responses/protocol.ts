/** OpenAI's Responses. */
import type { AnswerState } from "../../events/answer-state.ts";
import type { ModelEvent } from "../../events/model-event.ts";
import type { AnswerOptions } from "../../provider-codec.ts";
import { writeOpenAiError } from "../chat-completions/write-error.ts";
import type { ClientProtocol } from "../client-protocol.ts";
import { readPromptOf } from "../prompt-text.ts";
import { readResponseAnswer, readResponseForm } from "./read-answer.ts";
import { readResponsesConversation } from "./read-conversation.ts";
import { readResponsesFacts } from "./read-facts.ts";
import { ResponseEvents } from "./response-events.ts";
import { encodeResponseEvents } from "./write-failure.ts";

export const openAiResponses: ClientProtocol = {
  name: "openai-responses",
  path: "/v1/responses",
  hasPictures: true,
  readFacts: readResponsesFacts,
  readConversation: readResponsesConversation,
  readPrompt: (parsed) => readPromptOf(parsed["input"], parsed["instructions"]),
  readAskedForm: readResponseForm,
  readContent: readResponseAnswer,
  writeAnswer: writeResponse,
  createAnswerWriter: (options) => {
    const events = new ResponseEvents(options);
    return {
      write: (event) => encodeOrNothing(events.of(event)),
      close: (state) => encodeResponseEvents(events.end(state)),
      fail: (error) => encodeResponseEvents(events.fail(error)),
    };
  },
  writeError: writeOpenAiError,
};

function writeResponse(told: readonly ModelEvent[], state: AnswerState, options: AnswerOptions): object {
  const events = new ResponseEvents(options);
  for (const event of told) events.of(event);
  return events.end(state).at(-1)?.["response"] as object;
}

function encodeOrNothing(events: ReturnType<ResponseEvents["of"]>): Uint8Array | null {
  return events.length === 0 ? null : encodeResponseEvents(events);
}
