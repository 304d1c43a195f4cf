import { openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { togetherManifest } from "./manifest.ts";

/** Takes `stop` as a list only, and would shorten a prompt that is too long unless told to refuse it. */
export const togetherCodec = createOpenAiCodec(togetherManifest, {
  ...openAiDialect,
  extensions: ["top_k"],
  outputCapField: "max_tokens",
  otherCapField: "renamed",
  developerRole: false,
  stopAsString: false,
  logprobsAsCount: true,
  parameters: { ...platformHints, user: "drop" },
  defaults: { context_length_exceeded_behavior: '"error"' },
});
