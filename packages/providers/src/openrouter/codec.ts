import { openAiDialect } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { openrouterManifest } from "./manifest.ts";

/** Repeats the finish in its usage chunk, and may report an error after it: both are read to the end of the stream. */
export const openrouterCodec = createOpenAiCodec(openrouterManifest, {
  ...openAiDialect,
  toolNames: null,
  extensions: ["top_k"],
  parameters: { store: "drop", moderation: "drop" },
  requiredOfRouter: [
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "stop",
    "n",
    "logprobs",
    "top_logprobs",
    "modalities",
    "audio",
  ],
});
