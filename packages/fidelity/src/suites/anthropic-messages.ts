import type { Json } from "../comparison/json-differences.ts";
import type { FidelityCase, FidelityProtocol } from "./fidelity-protocol.ts";
import { citySchema, personSchema, redDotPngBase64, toolQuestion, twoToolsQuestion } from "./sample-content.ts";

const user = (content: Json) => ({ max_tokens: 1_000, messages: [{ role: "user", content }] });

const weatherTool = { name: "get_weather", description: "The weather in a city", input_schema: citySchema };

const answeredCall = [
  { role: "user", content: "What is the weather in Lisbon?" },
  {
    role: "assistant",
    content: [{ type: "tool_use", id: "toolu_abc123", name: "get_weather", input: { city: "Lisbon" } }],
  },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_abc123", content: '{"celsius":21.0}' }] },
];

const cases: readonly FidelityCase[] = [
  { name: "plain", title: "Plain answer", body: user("Say hello, café ☕, in one line.") },
  { name: "streamed", title: "Streamed answer", body: { ...user("Count to five."), stream: true } },
  {
    name: "system",
    title: "System blocks with a caching mark",
    body: {
      ...user("Name a river."),
      system: [{ type: "text", text: "Answer in capitals.", cache_control: { type: "ephemeral" } }],
    },
  },
  {
    name: "tools",
    title: "Tool call, streamed",
    body: { ...user(toolQuestion), tools: [weatherTool], stream: true },
  },
  {
    name: "parallel-tools",
    title: "Several tool calls",
    body: { ...user(twoToolsQuestion), tools: [weatherTool], tool_choice: { type: "any" } },
  },
  {
    name: "tool-result",
    title: "Tool result",
    body: { max_tokens: 1_000, messages: answeredCall, tools: [weatherTool] },
  },
  {
    name: "json-schema",
    title: "Answer by JSON schema",
    body: { ...user("Make up a person."), output_config: { format: { type: "json_schema", schema: personSchema } } },
  },
  {
    name: "image",
    title: "Image",
    body: user([
      { type: "text", text: "Which colour is this?" },
      { type: "image", source: { type: "base64", media_type: "image/png", data: redDotPngBase64 } },
    ]),
  },
  {
    name: "stop",
    title: "Stop sequence",
    body: { ...user("Count: one, two, three, four."), stop_sequences: ["three"] },
  },
  { name: "length", title: "Cut by length", body: { ...user("Tell a long story."), max_tokens: 16 } },
  {
    name: "reasoning",
    title: "Thinking, streamed",
    body: {
      ...user("Is 91 a prime number?"),
      max_tokens: 4_000,
      thinking: { type: "enabled", budget_tokens: 1_024 },
      stream: true,
    },
  },
  { name: "error", title: "Refused request", body: { ...user("Say hello."), tool_choice: { type: "any" } } },
];

/** Anthropic's Messages. */
export const anthropicMessages: FidelityProtocol = {
  name: "anthropic-messages",
  kinds: ["anthropic"],
  providerPath: "/messages",
  gatewayPath: "/v1/messages",
  cases,
  clientHeaders: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
  credentialHeaders: (credential) => ({ "x-api-key": credential }),
  comparedHeaders: ["content-type", "anthropic-version"],
  vocabulary: new Set(["type", "role", "stop_reason"]),
  volatile: ["id", "request_id"],
  explainRequest: (pointer) => (pointer === "/max_tokens" ? "a budget bounds what an answer may cost" : null),
  explainShape: () => null,
  explainError: (pointer) =>
    /^\/(error(\/(message|type|code|param))?|request_id)$/.test(pointer)
      ? "errors are worded by the gateway's registry"
      : null,
  explainWithheld: () => null,
};
