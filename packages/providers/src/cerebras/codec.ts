import { openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { cerebrasManifest } from "./manifest.ts";

/** Refuses what it does not offer: penalties, token biases and the hints of other platforms. */
export const cerebrasCodec = createOpenAiCodec(cerebrasManifest, {
  ...openAiDialect,
  developerRole: false,
  refusedMessageMembers: ["reasoning_content", "reasoning_details"],
  parameters: {
    ...platformHints,
    n: "reject",
    logit_bias: "drop",
    frequency_penalty: "drop",
    presence_penalty: "drop",
  },
});
