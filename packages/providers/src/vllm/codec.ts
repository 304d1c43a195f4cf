import { openAiDialect } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { vllmManifest } from "./manifest.ts";

/** Chat templates know `system` and not `developer`. An error in a stream is followed by `[DONE]`, which counts for nothing. */
export const vllmCodec = createOpenAiCodec(vllmManifest, {
  ...openAiDialect,
  toolNames: null,
  extensions: ["top_k"],
  developerRole: false,
});
