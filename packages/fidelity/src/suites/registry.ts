/** Every suite that fidelity can be checked by. A new one is a file or a folder, and a line in the list. */
import { anthropicFamily } from "../translated/anthropic/family.ts";
import { bedrockFamily } from "../translated/aws-bedrock/family.ts";
import { azureFamily } from "../translated/azure-openai/family.ts";
import { cohereFamily } from "../translated/cohere/family.ts";
import { googleFamily } from "../translated/google/family.ts";
import { translatedSuite } from "../translated/translated-suite.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import type { FidelitySuite } from "./fidelity-suite.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";
import { sameProtocolSuite } from "./same-protocol.ts";

const suites: readonly FidelitySuite[] = [
  ...[openaiChat, openaiResponses, anthropicMessages].map(sameProtocolSuite),
  ...[anthropicFamily, googleFamily, bedrockFamily, cohereFamily, azureFamily].map(translatedSuite),
];

/** The suites by which a kind of provider is checked; none for a kind without cases. */
export function suitesOfKind(kind: string): readonly FidelitySuite[] {
  return suites.filter(({ kinds }) => kinds.includes(kind));
}
