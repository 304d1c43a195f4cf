import type { Json } from "../../comparison/json-differences.ts";
import { withMember } from "../../comparison/json-members.ts";
import type { NativeFamily } from "../native-family.ts";
import { parseArguments } from "../answer-meaning.ts";
import { bedrockCases } from "./cases.ts";
import { readConverse } from "./read-answer.ts";

const parsed = (text: Json): Json => (typeof text === "string" ? parseArguments(text) : text);

/** Converse and ConverseStream of Amazon Bedrock, with an API key as the bearer. */
export const bedrockFamily: NativeFamily = {
  name: "chat-to-bedrock",
  title: "Converse",
  kinds: ["aws-bedrock"],
  requestPath: ({ model }, isStream) =>
    `/model/${encodeURIComponent(model)}/${isStream ? "converse-stream" : "converse"}`,
  headers: { "content-type": "application/json" },
  comparedHeaders: ["content-type"],
  credentialHeaders: (credential) => ({ authorization: `Bearer ${credential}` }),
  cases: bedrockCases,
  // The schema of an answer is a text within the JSON.
  canonical: (body) =>
    withMember(body, "outputConfig", (config) =>
      withMember(config, "textFormat", (format) =>
        withMember(format, "structure", (structure) =>
          withMember(structure, "jsonSchema", (definition) => withMember(definition, "schema", parsed)),
        ),
      ),
    ),
  explainRequest(pointer) {
    if (pointer === "/inferenceConfig/maxTokens") return "a budget bounds what an answer may cost";
    if (pointer === "/additionalModelRequestFields/thinking/budget_tokens") {
      return "an effort is a word, and each side has its own figure for it";
    }
    if (pointer === "/additionalModelResponseFieldPaths") return "asks which stop sequence was met, beside the answer";
    return null;
  },
  readAnswer: readConverse,
};
