import { withNativeAnswers } from "../native-answers/native-answers.ts";
import { openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { tgiManifest } from "./manifest.ts";
import { tgiNativeAnswers } from "./native-answers.ts";

/** Refuses `stop` as a string, takes `n` and token biases without heeding them, and words errors as plain strings. */
export const tgiCodec = createOpenAiCodec(
  tgiManifest,
  {
    ...openAiDialect,
    toolNames: null,
    extensions: ["top_k"],
    outputCapField: "max_tokens",
    otherCapField: "renamed",
    developerRole: false,
    stopAsString: false,
    parameters: { ...platformHints, n: "reject", parallel_tool_calls: "reject", logit_bias: "drop", user: "drop" },
  },
  (codec) => withNativeAnswers(codec, tgiNativeAnswers),
);
