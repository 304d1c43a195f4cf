import { chatCompletions } from "../clients/chat-completions/protocol.ts";
import type { AnswerOptions } from "../provider-codec.ts";

/** What an answer is written by, for a client of chat completions unless said otherwise. */
export function answerOptions(options: Partial<AnswerOptions> = {}): AnswerOptions {
  return { client: chatCompletions, request: {}, createdSeconds: 1_763_600_000, forwardUsage: true, ...options };
}
