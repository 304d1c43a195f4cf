import { openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { deepseekManifest } from "./manifest.ts";

/** One answer a call; no seed; calls of several tools at once cannot be switched off. */
export const deepseekCodec = createOpenAiCodec(deepseekManifest, {
  ...openAiDialect,
  outputCapField: "max_tokens",
  otherCapField: "renamed",
  developerRole: false,
  responses: true,
  refusedMessageMembers: ["reasoning_details", "reasoning"],
  parameters: {
    ...platformHints,
    n: "reject",
    parallel_tool_calls: "reject",
    modalities: "reject",
    audio: "reject",
    seed: "drop",
    logit_bias: "drop",
    user: "drop",
  },
});
