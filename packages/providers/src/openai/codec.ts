import { openAiDialect, reasoningMembers } from "./dialect.ts";
import { openaiManifest } from "./manifest.ts";
import { createOpenAiCodec } from "./openai-codec.ts";

/** Every chat model takes `max_completion_tokens`; the reasoning models refuse `max_tokens`. */
export const openaiCodec = createOpenAiCodec(openaiManifest, {
  ...openAiDialect,
  refusedMessageMembers: reasoningMembers,
  legacyFunctions: true,
  responses: true,
  repairsAnswers: false,
});
