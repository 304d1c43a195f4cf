/** Every protocol that clients may speak to this build. A new one is a folder and a line here. */
import { anthropicMessages } from "./anthropic-messages/protocol.ts";
import { chatCompletions } from "./chat-completions/protocol.ts";
import { openAiResponses } from "./openai-responses/protocol.ts";
import type { ClientProtocol } from "./client-protocol.ts";

export const clientProtocols: readonly ClientProtocol[] = [chatCompletions, openAiResponses, anthropicMessages];

/** The protocol whose clients call this path, or one below it; OpenAI's for every other path. */
export function clientProtocolOf(path: string): ClientProtocol {
  return (
    clientProtocols.find((protocol) => path === protocol.path || path.startsWith(`${protocol.path}/`)) ??
    chatCompletions
  );
}
