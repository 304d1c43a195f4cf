import { anthropicFormat } from "./anthropic/anthropic-format.ts";
import { bedrockFormat } from "./aws-bedrock/bedrock-format.ts";
import { azureFormat } from "./azure-openai/azure-format.ts";
import { cohereFormat } from "./cohere/cohere-format.ts";
import { googleFormat } from "./google/google-format.ts";
import { openAiFormat } from "./openai/openai-format.ts";
import { responsesFormat } from "./openai-responses/responses-format.ts";
import type { WireFormat } from "./wire-format.ts";

/** Every protocol that the simulator speaks. Paths must differ between protocols: the path alone selects one. */
export const wireFormats: readonly WireFormat[] = [
  openAiFormat,
  responsesFormat,
  anthropicFormat,
  googleFormat,
  cohereFormat,
  bedrockFormat,
  azureFormat,
];
