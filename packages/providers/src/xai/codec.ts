import { openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { xaiManifest } from "./manifest.ts";

/** Counts reasoning on top of `completion_tokens`. */
export const xaiCodec = createOpenAiCodec(xaiManifest, {
  ...openAiDialect,
  developerRole: false,
  responses: true,
  parameters: { ...platformHints, logit_bias: "drop" },
  usage: { reasoningIsOutside: true },
});
