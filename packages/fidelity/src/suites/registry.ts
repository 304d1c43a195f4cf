/** Every protocol that fidelity can be checked in. A new one is a file here and a line in the list. */
import { anthropicMessages } from "./anthropic-messages.ts";
import type { FidelityProtocol } from "./fidelity-protocol.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";

const protocols: readonly FidelityProtocol[] = [openaiChat, openaiResponses, anthropicMessages];

/** The protocols in which a kind of provider is checked; none for one that no client protocol here is native to. */
export function protocolsOfKind(kind: string): readonly FidelityProtocol[] {
  return protocols.filter(({ kinds }) => kinds.includes(kind));
}
