import { noLogprobs, openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { perplexityManifest } from "./manifest.ts";

/** Sends growing usage with every chunk and no `[DONE]`; counts reasoning apart, and what it read as citations. */
export const perplexityCodec = createOpenAiCodec(perplexityManifest, {
  ...openAiDialect,
  outputCapField: "max_tokens",
  otherCapField: "renamed",
  developerRole: false,
  mostStops: 0,
  streamOptions: false,
  parameters: {
    ...platformHints,
    ...noLogprobs,
    n: "reject",
    tools: "reject",
    tool_choice: "reject",
    parallel_tool_calls: "reject",
    seed: "drop",
    user: "drop",
  },
  usage: { reasoningIsOutside: true },
});
