/** Every protocol that fidelity can be checked in. A new one is a file here and a line in the list. */
import { anthropicMessages } from "./anthropic-messages.ts";
import type { FidelityProtocol } from "./fidelity-protocol.ts";
import { openaiChat } from "./openai-chat.ts";

const protocols: readonly FidelityProtocol[] = [openaiChat, anthropicMessages];

/** The protocol in which a kind of provider is checked; undefined for one that no client protocol here is native to. */
export function protocolOfKind(kind: string): FidelityProtocol | undefined {
  return protocols.find(({ kinds }) => kinds.includes(kind));
}
