import { jsonKey } from "../json/json-cursor.ts";
import { noLogprobs, openAiDialect } from "../openai/dialect.ts";
import { createOpenAiCodec } from "../openai/openai-codec.ts";
import { groqManifest } from "./manifest.ts";

/** One answer a call, no log probabilities. Usage also sits in `x_groq` of the finish chunk, and so may an error. */
export const groqCodec = createOpenAiCodec(groqManifest, {
  ...openAiDialect,
  developerRole: false,
  mostStops: 4,
  refusedMessageMembers: ["reasoning_content", "reasoning_details"],
  parameters: {
    ...noLogprobs,
    n: "reject",
    metadata: "drop",
    store: "drop",
    frequency_penalty: "drop",
    presence_penalty: "drop",
  },
  vendorKey: jsonKey("x_groq"),
});
