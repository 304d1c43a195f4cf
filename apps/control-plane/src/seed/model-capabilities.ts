import type { PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";

type Capabilities = PolicyModel["capabilities"];

/** What models of one operation are called. A name that fits none of these is taken for one of a chat model. */
const operationsByName: readonly { readonly name: RegExp; readonly operation: Capabilities["operations"][number] }[] = [
  { name: /embed/i, operation: "embeddings" },
  {
    name: /^(?:gpt-image|chatgpt-image|dall-e|imagen|grok-[\d.-]*-?image)|(?:^|[/-])(?:flux|stable-diffusion)/i,
    operation: "images",
  },
  { name: /whisper|transcribe/i, operation: "transcriptions" },
  { name: /(?:^|[/-])tts(?:-|$)|text-to-speech/i, operation: "speech" },
  { name: /^(?:omni-|text-|mistral-)?moderation/i, operation: "moderations" },
  { name: /rerank/i, operation: "rerank" },
];

/** The data set of prices does not say what a model can do; until an admin says otherwise, chat models are taken for able. */
export function capabilitiesOf(providerModel: string): Capabilities {
  const operation = operationsByName.find(({ name }) => name.test(providerModel))?.operation ?? "chat";
  const isChat = operation === "chat";
  return { operations: [operation], tools: isChat, vision: isChat, jsonSchema: isChat, streaming: isChat };
}
