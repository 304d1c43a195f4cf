import type { Json } from "../comparison/json-differences.ts";
import type { FidelityCase, FidelityProtocol } from "./fidelity-protocol.ts";
import { citySchema, personSchema, redDotPngBase64, toolQuestion, twoToolsQuestion } from "./sample-content.ts";

/** Nothing is kept at the provider. */
const asks = (input: Json, more: { readonly [name: string]: Json } = {}) => ({ input, store: false, ...more });

const weatherTool = {
  type: "function",
  name: "get_weather",
  description: "The weather in a city",
  parameters: citySchema,
  strict: true,
};

const answeredCall = [
  { role: "user", content: "What is the weather in Lisbon?" },
  { type: "function_call", call_id: "call_abc123", name: "get_weather", arguments: '{"city":"Lisbon"}' },
  { type: "function_call_output", call_id: "call_abc123", output: '{"celsius":21.0}' },
];

const picture = [
  { type: "input_text", text: "Which colour is this?" },
  { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${redDotPngBase64}` },
];

const cases: readonly FidelityCase[] = [
  { name: "plain", title: "plain answer", body: asks("Say hello, café ☕, in one line.") },
  { name: "streamed", title: "streamed answer", body: asks("Count to five.", { stream: true }) },
  {
    name: "instructions",
    title: "instructions and sampling",
    body: asks("Name a river.", { instructions: "Answer in capitals.", temperature: 1, top_p: 1 }),
  },
  { name: "tools", title: "function call, streamed", body: asks(toolQuestion, { tools: [weatherTool], stream: true }) },
  {
    name: "parallel-tools",
    title: "several function calls",
    body: asks(twoToolsQuestion, { tools: [weatherTool], tool_choice: "required", parallel_tool_calls: true }),
  },
  { name: "tool-result", title: "function result", body: asks(answeredCall, { tools: [weatherTool] }) },
  {
    name: "json-schema",
    title: "answer by JSON schema",
    body: asks("Make up a person.", {
      text: { format: { type: "json_schema", name: "person", strict: true, schema: personSchema } },
    }),
  },
  { name: "image", title: "image", body: asks([{ role: "user", content: picture }]) },
  { name: "length", title: "cut by length", body: asks("Tell a long story.", { max_output_tokens: 16 }) },
  { name: "error", title: "refused request", body: asks("Say hello.", { tool_choice: "required" }) },
];

/** OpenAI's Responses. */
export const openaiResponses: FidelityProtocol = {
  name: "openai-responses",
  kinds: ["openai", "xai", "deepseek"],
  providerPath: "/responses",
  gatewayPath: "/v1/responses",
  // Beside the cases of chat completions, which the same kinds speak.
  cases: cases.map(({ name, title, body }) => ({ name: `responses-${name}`, title: `Responses: ${title}`, body })),
  clientHeaders: { "content-type": "application/json" },
  credentialHeaders: (credential) => ({ authorization: `Bearer ${credential}` }),
  comparedHeaders: ["content-type"],
  vocabulary: new Set(["object", "role", "type", "status", "reason"]),
  volatile: ["id", "created_at", "completed_at"],
  explainRequest: (pointer) => (pointer === "/max_output_tokens" ? "a budget bounds what an answer may cost" : null),
  explainShape: () => null,
  explainError: (pointer) =>
    /^\/error(\/(message|type|code|param))?$/.test(pointer) ? "errors are worded by the gateway's registry" : null,
  explainWithheld: () => null,
};
