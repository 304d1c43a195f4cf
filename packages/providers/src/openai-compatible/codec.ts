import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { openaiCompatibleManifest } from "./manifest.ts";

/** `max_tokens` is what all such servers know; some (Ollama) ignore `max_completion_tokens` without a word. */
export const openaiCompatibleCodec = createOpenAiCodec(openaiCompatibleManifest, {
  outputCapField: "max_tokens",
  ignoresOtherCapField: true,
});
