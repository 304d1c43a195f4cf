/** The cases in Gemini's words. Format: https://ai.google.dev/api/generate-content */
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
import type { NativeBody, NativeFamily } from "../native-family.ts";

const asksParts =
  (parts: readonly Json[], more: NativeBody = {}, config: NativeBody = {}) =>
  (): NativeBody => ({
    contents: [{ role: "user", parts }],
    ...more,
    generationConfig: { maxOutputTokens: 1_000, ...config },
  });
const asks = (text: string, more: NativeBody = {}, config: NativeBody = {}) => asksParts([{ text }], more, config);

const tools = [
  {
    functionDeclarations: [
      { name: "get_weather", description: "The weather in a city", parametersJsonSchema: citySchema },
    ],
  },
];

/** The generation that thinks by a budget; those after it think by a level. */
const thinksByBudget = /gemini-2\.5/;

export const googleCases: NativeFamily["cases"] = {
  plain: asks("Say hello, café ☕, in one line."),
  streamed: asks("Count to five."),
  system: asks("Name a river.", { systemInstruction: { parts: [{ text: "Answer in capitals." }] } }),
  tools: asks(toolQuestion, { tools }),
  "parallel-tools": asks(twoToolsQuestion, { tools, toolConfig: { functionCallingConfig: { mode: "ANY" } } }),
  "tool-result": () => ({
    contents: [
      { role: "user", parts: [{ text: "What is the weather in Lisbon?" }] },
      { role: "model", parts: [{ functionCall: { name: "get_weather", args: { city: "Lisbon" } } }] },
      {
        role: "user",
        parts: [{ functionResponse: { name: "get_weather", response: { output: '{"celsius":21.0}' } } }],
      },
    ],
    tools,
    generationConfig: { maxOutputTokens: 1_000 },
  }),
  "json-schema": asks(
    "Make up a person.",
    {},
    { responseMimeType: "application/json", responseJsonSchema: personSchema },
  ),
  image: asksParts([
    { text: "Which colour is this?" },
    { inlineData: { mimeType: "image/png", data: redDotPngBase64 } },
  ]),
  stop: asks("Count: one, two, three, four.", {}, { maxOutputTokens: 200, stopSequences: ["three"] }),
  reasoning: ({ model }) => {
    const depth = thinksByBudget.test(model) ? { thinkingBudget: 512 } : { thinkingLevel: "LOW" };
    return asks(thoughtQuestion, {}, { maxOutputTokens: 4_000, thinkingConfig: { includeThoughts: true, ...depth } })();
  },
  refusal: asks(refusedQuestion),
  length: asks("Tell a long story.", {}, { maxOutputTokens: 16 }),
};
