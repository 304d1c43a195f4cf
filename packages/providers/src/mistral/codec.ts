import { noLogprobs, openAiDialect, platformHints, reasoningMembers } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { mistralManifest } from "./manifest.ts";

/** Refuses fields that it does not know. Usage rides in the last chunk unasked; content may be a list of parts and passes as it is. */
export const mistralCodec = createOpenAiCodec(mistralManifest, {
  ...openAiDialect,
  outputCapField: "max_tokens",
  otherCapField: "renamed",
  developerRole: false,
  refusedMessageMembers: reasoningMembers,
  shortCallIds: true,
  streamOptions: false,
  parameters: { ...platformHints, ...noLogprobs, seed: { rename: "random_seed" }, user: "drop" },
});
