import { isArray, isObject, type Json } from "../comparison/json-differences.ts";
import type { FidelityCase, FidelityProtocol } from "./fidelity-protocol.ts";
import { answeredCall, weatherTool } from "./chat-samples.ts";
import { personSchema, redDotPngBase64, toolQuestion, twoToolsQuestion } from "./sample-content.ts";

const user = (content: Json) => [{ role: "user", content }];

const cases: readonly FidelityCase[] = [
  { name: "plain", title: "Plain answer", body: { messages: user("Say hello, café ☕, in one line.") } },
  { name: "streamed", title: "Streamed answer", body: { messages: user("Count to five."), stream: true } },
  {
    name: "streamed-usage",
    title: "Streamed answer with usage",
    body: { messages: user("Count to five."), stream: true, stream_options: { include_usage: true } },
  },
  {
    name: "system",
    title: "System message and sampling",
    body: {
      messages: [{ role: "system", content: "Answer in capitals." }, ...user("Name a river.")],
      temperature: 1,
      top_p: 1,
    },
  },
  {
    name: "tools",
    title: "Tool call, streamed",
    body: { messages: user(toolQuestion), tools: [weatherTool], stream: true },
  },
  {
    name: "parallel-tools",
    title: "Several tool calls",
    body: {
      messages: user(twoToolsQuestion),
      tools: [weatherTool],
      tool_choice: "required",
      parallel_tool_calls: true,
    },
  },
  { name: "tool-result", title: "Tool result", body: { messages: answeredCall, tools: [weatherTool] } },
  {
    name: "json-schema",
    title: "Answer by JSON schema",
    body: {
      messages: user("Make up a person."),
      response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema: personSchema } },
    },
  },
  {
    name: "image",
    title: "Image",
    body: {
      messages: user([
        { type: "text", text: "Which colour is this?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${redDotPngBase64}` } },
      ]),
    },
  },
  { name: "stop", title: "Stop sequence", body: { messages: user("Count: one, two, three, four."), stop: ["three"] } },
  { name: "length", title: "Cut by length", body: { messages: user("Tell a long story."), max_completion_tokens: 16 } },
  {
    name: "reasoning",
    title: "Reasoning effort",
    body: { messages: user("Is 91 a prime number?"), reasoning_effort: "low" },
  },
  { name: "error", title: "Refused request", body: { messages: user("Say hello."), tool_choice: "required" } },
];

/** OpenAI's chat completions, as many providers speak them. */
export const openaiChat: FidelityProtocol = {
  name: "openai-chat",
  kinds: [
    "openai",
    "openai-compatible",
    "mistral",
    "deepseek",
    "qwen",
    "together",
    "groq",
    "xai",
    "fireworks",
    "openrouter",
    "perplexity",
    "cerebras",
    "vllm",
    "tgi",
    "ollama",
  ],
  providerPath: "/chat/completions",
  gatewayPath: "/v1/chat/completions",
  cases,
  clientHeaders: { "content-type": "application/json" },
  credentialHeaders: (credential) => ({ authorization: `Bearer ${credential}` }),
  comparedHeaders: ["content-type"],
  vocabulary: new Set(["object", "role", "type", "finish_reason"]),
  volatile: ["id", "created", "system_fingerprint"],
  explainRequest: (pointer) => {
    if (pointer.startsWith("/stream_options")) return "the gateway always asks for usage: a stream is billed by it";
    if (/^\/max_(completion_)?tokens$/.test(pointer)) return "a budget bounds what an answer may cost";
    return null;
  },
  explainShape: (pointer) => (pointer === "/*/data/usage" ? "usage is asked for on every stream" : null),
  explainError: (pointer) =>
    /^\/error(\/(message|type|code|param))?$/.test(pointer) ? "errors are worded by the gateway's registry" : null,
  explainWithheld: (event) => {
    const data = isObject(event) ? event["data"] : undefined;
    const isUsage =
      isObject(data) && isArray(data["choices"]) && data["choices"].length === 0 && isObject(data["usage"]);
    return isUsage ? "usage that the client did not ask for" : null;
  },
};
