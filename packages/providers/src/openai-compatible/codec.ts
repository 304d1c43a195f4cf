import { openAiDialect } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { openaiCompatibleManifest } from "./manifest.ts";

/**
 * `max_tokens` is what all such servers know; some ignore `max_completion_tokens` without a word, and some (Gemini's own
 * endpoint of this protocol) count reasoning in the total alone.
 */
export const openaiCompatibleCodec = createOpenAiCodec(openaiCompatibleManifest, {
  ...openAiDialect,
  toolNames: null,
  outputCapField: "max_tokens",
  otherCapField: "ignored",
  usage: { reasoningIsOutside: false, surplusIsReasoning: true },
});
