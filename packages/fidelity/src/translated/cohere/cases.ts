/** The cases in Cohere's words. Format: https://docs.cohere.com/reference/chat */
import type { Json } from "../../comparison/json-differences.ts";
import type { ProviderTarget } from "../../suites/fidelity-suite.ts";
import {
  citySchema,
  personSchema,
  redDotPngBase64,
  refusedQuestion,
  thoughtQuestion,
  toolQuestion,
  twoToolsQuestion,
} from "../../suites/sample-content.ts";
import type { NativeBody, NativeFamily } from "../native-family.ts";

const asks =
  (content: Json, more: NativeBody = {}) =>
  ({ model }: ProviderTarget): NativeBody => ({
    model,
    messages: [{ role: "user", content }],
    max_tokens: 1_000,
    ...more,
  });

const tools = [
  {
    type: "function",
    function: { name: "get_weather", description: "The weather in a city", parameters: citySchema },
  },
];

export const cohereCases: NativeFamily["cases"] = {
  plain: asks("Say hello, café ☕, in one line."),
  streamed: asks("Count to five.", { stream: true }),
  system: ({ model }) => ({
    model,
    messages: [
      { role: "system", content: "Answer in capitals." },
      { role: "user", content: "Name a river." },
    ],
    max_tokens: 1_000,
  }),
  tools: asks(toolQuestion, { tools, stream: true }),
  "parallel-tools": asks(twoToolsQuestion, { tools, tool_choice: "REQUIRED" }),
  "tool-result": ({ model }) => ({
    model,
    messages: [
      { role: "user", content: "What is the weather in Lisbon?" },
      {
        role: "assistant",
        tool_calls: [
          { id: "call_abc123", type: "function", function: { name: "get_weather", arguments: '{"city":"Lisbon"}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_abc123", content: '{"celsius":21.0}' },
    ],
    tools,
    max_tokens: 1_000,
  }),
  "json-schema": asks("Make up a person.", { response_format: { type: "json_object", json_schema: personSchema } }),
  image: asks([
    { type: "text", text: "Which colour is this?" },
    { type: "image_url", image_url: { url: `data:image/png;base64,${redDotPngBase64}` } },
  ]),
  stop: asks("Count: one, two, three, four.", { max_tokens: 200, stop_sequences: ["three"] }),
  reasoning: asks(thoughtQuestion, {
    max_tokens: 4_000,
    stream: true,
    thinking: { type: "enabled", token_budget: 512 },
  }),
  refusal: asks(refusedQuestion),
  length: asks("Tell a long story.", { max_tokens: 16 }),
};
