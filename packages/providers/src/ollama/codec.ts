import { withNativeAnswers } from "../native-answers/native-answers.ts";
import { noLogprobs, openAiDialect, platformHints } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { ollamaManifest } from "./manifest.ts";
import { ollamaNativeAnswers } from "./native-answers.ts";

/** Ignores what it does not know without a word, so whatever client code depends on is refused here instead. */
export const ollamaCodec = createOpenAiCodec(
  ollamaManifest,
  {
    ...openAiDialect,
    toolNames: null,
    outputCapField: "max_tokens",
    otherCapField: "renamed",
    developerRole: false,
    parameters: {
      ...platformHints,
      ...noLogprobs,
      n: "reject",
      tool_choice: "reject",
      parallel_tool_calls: "reject",
      user: "drop",
    },
  },
  (codec) => withNativeAnswers(codec, ollamaNativeAnswers),
);
