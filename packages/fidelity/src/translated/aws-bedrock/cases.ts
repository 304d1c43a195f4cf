/** The cases in Converse's words. Format: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
import type { Json } from "../../comparison/json-differences.ts";
import {
  citySchema,
  personSchema,
  redDotPngBase64,
  refusedQuestion,
  thoughtQuestion,
  toolQuestion,
  twoToolsQuestion,
} from "../../suites/sample-content.ts";
import { asksToThink } from "../anthropic/cases.ts";
import type { NativeBody, NativeFamily } from "../native-family.ts";

const asksBlocks =
  (content: readonly Json[], more: NativeBody = {}, maxTokens = 1_000, inference: NativeBody = {}) =>
  (): NativeBody => ({
    messages: [{ role: "user", content }],
    inferenceConfig: { maxTokens, ...inference },
    ...more,
  });
const asks = (text: string, more: NativeBody = {}, maxTokens = 1_000, inference: NativeBody = {}) =>
  asksBlocks([{ text }], more, maxTokens, inference);

const tools = [
  { toolSpec: { name: "get_weather", description: "The weather in a city", inputSchema: { json: citySchema } } },
];
const personFormat = {
  textFormat: {
    type: "json_schema",
    structure: { jsonSchema: { name: "person", schema: JSON.stringify(personSchema) } },
  },
};

/** Thinking is a field of the model's own; of these models it is known. */
const claude = /anthropic\.claude/;

export const bedrockCases: NativeFamily["cases"] = {
  plain: asks("Say hello, café ☕, in one line."),
  streamed: asks("Count to five."),
  system: asks("Name a river.", { system: [{ text: "Answer in capitals." }] }),
  tools: asks(toolQuestion, { toolConfig: { tools } }),
  "parallel-tools": asks(twoToolsQuestion, { toolConfig: { tools, toolChoice: { any: {} } } }),
  "tool-result": () => ({
    messages: [
      { role: "user", content: [{ text: "What is the weather in Lisbon?" }] },
      {
        role: "assistant",
        content: [{ toolUse: { toolUseId: "call_abc123", name: "get_weather", input: { city: "Lisbon" } } }],
      },
      {
        role: "user",
        content: [{ toolResult: { toolUseId: "call_abc123", content: [{ text: '{"celsius":21.0}' }] } }],
      },
    ],
    inferenceConfig: { maxTokens: 1_000 },
    toolConfig: { tools },
  }),
  "json-schema": asks("Make up a person.", { outputConfig: personFormat }),
  image: asksBlocks([
    { text: "Which colour is this?" },
    { image: { format: "png", source: { bytes: redDotPngBase64 } } },
  ]),
  stop: asks("Count: one, two, three, four.", {}, 200, { stopSequences: ["three"] }),
  reasoning: ({ model }) =>
    asks(thoughtQuestion, claude.test(model) ? { additionalModelRequestFields: asksToThink(model) } : {}, 4_000)(),
  refusal: asks(refusedQuestion),
  length: asks("Tell a long story.", {}, 16),
};
