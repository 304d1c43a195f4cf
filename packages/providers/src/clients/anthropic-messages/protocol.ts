/** Anthropic's Messages. */
import type { ClientProtocol } from "../client-protocol.ts";
import { readPromptOf } from "../prompt-text.ts";
import { readMessageAnswer, readMessageForm } from "./read-answer.ts";
import { readMessagesConversation } from "./read-conversation.ts";
import { readMessagesFacts } from "./read-facts.ts";
import { writeAnthropicError } from "./write-error.ts";
import { writeMessage } from "./write-message.ts";
import { MessageStream } from "./write-stream.ts";

export const anthropicMessages: ClientProtocol = {
  name: "anthropic-messages",
  path: "/v1/messages",
  hasPictures: false,
  readFacts: readMessagesFacts,
  readConversation: readMessagesConversation,
  readPrompt: (parsed) => readPromptOf(parsed["messages"], parsed["system"]),
  readAskedForm: readMessageForm,
  readContent: readMessageAnswer,
  writeAnswer: writeMessage,
  createAnswerWriter: () => new MessageStream(),
  writeError: writeAnthropicError,
};
