import { openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { fireworksManifest } from "./manifest.ts";

/** Would shorten a prompt that is too long unless told to refuse it. */
export const fireworksCodec = createOpenAiCodec(fireworksManifest, {
  ...openAiDialect,
  extensions: ["top_k"],
  outputCapField: "max_tokens",
  otherCapField: "renamed",
  developerRole: false,
  parameters: platformHints,
  defaults: { context_length_exceeded_behavior: '"error"' },
});
