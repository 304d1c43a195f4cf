import { withNativeAnswers } from "../native-answers/native-answers.ts";
import { openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { qwenErrorMeanings } from "./error-meanings.ts";
import { qwenManifest } from "./manifest.ts";
import { qwenNativeAnswers } from "./native-answers.ts";
import { qwenThinking } from "./thinking.ts";

/** DashScope in its OpenAI mode: no `developer`, no `max_completion_tokens`; pieces of a tool call repeat an empty id, which passes. */
export const qwenCodec = createOpenAiCodec(
  qwenManifest,
  {
    ...openAiDialect,
    extensions: ["top_k"],
    outputCapField: "max_tokens",
    otherCapField: "renamed",
    developerRole: false,
    thinking: qwenThinking,
    parameters: { ...platformHints, logit_bias: "drop", user: "drop" },
    errorMeanings: qwenErrorMeanings,
  },
  (codec) => withNativeAnswers(codec, qwenNativeAnswers),
);
