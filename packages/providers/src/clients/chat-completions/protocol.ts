/** OpenAI's chat completions: the form that the gateway's own requests have, too. */
import { readChatFacts } from "../../openai/request-facts.ts";
import type { ClientProtocol } from "../client-protocol.ts";
import { readPromptOf } from "../prompt-text.ts";
import { readChatAnswer, readChatForm } from "./read-answer.ts";
import { ChatChunks } from "./write-chunks.ts";
import { writeChatCompletion } from "./write-completion.ts";
import { writeOpenAiError } from "./write-error.ts";

export const chatCompletions: ClientProtocol = {
  name: "chat-completions",
  path: "/v1/chat/completions",
  hasPictures: true,
  readFacts: readChatFacts,
  readConversation: (parsed) => ({ ok: true, conversation: parsed, dropped: [] }),
  readPrompt: (parsed) => readPromptOf(parsed["messages"], undefined),
  readAskedForm: readChatForm,
  readContent: readChatAnswer,
  writeAnswer: writeChatCompletion,
  createAnswerWriter: (options) => new ChatChunks(options),
  writeError: writeOpenAiError,
};
