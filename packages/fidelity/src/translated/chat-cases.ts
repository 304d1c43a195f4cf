/** What clients ask in chat completions. Every native family asks the same in its own words. */
import type { Json } from "../comparison/json-differences.ts";
import { answeredCall, weatherTool } from "../suites/chat-samples.ts";
import {
  personSchema,
  redDotPngBase64,
  refusedQuestion,
  thoughtQuestion,
  toolQuestion,
  twoToolsQuestion,
} from "../suites/sample-content.ts";

export interface ChatCase {
  readonly title: string;
  readonly isStream: boolean;
  /** The body but for the model. */
  readonly body: { readonly [name: string]: Json };
  /** Places of the answer's outline that a model may decide otherwise from one call to the next. */
  readonly varies?: readonly string[];
}

const asks = (content: Json, more: { readonly [name: string]: Json } = {}) => ({
  messages: [{ role: "user", content }],
  max_completion_tokens: 1_000,
  ...more,
});
const streamed = { stream: true, stream_options: { include_usage: true } };

export const chatCases = {
  plain: { title: "plain answer", isStream: false, body: asks("Say hello, café ☕, in one line.") },
  streamed: { title: "streamed answer", isStream: true, body: asks("Count to five.", streamed) },
  system: {
    title: "system message",
    isStream: false,
    body: {
      messages: [
        { role: "system", content: "Answer in capitals." },
        { role: "user", content: "Name a river." },
      ],
      max_completion_tokens: 1_000,
    },
  },
  tools: {
    title: "tool call, streamed",
    isStream: true,
    body: asks(toolQuestion, { tools: [weatherTool], ...streamed }),
  },
  "parallel-tools": {
    title: "several tool calls",
    isStream: false,
    body: asks(twoToolsQuestion, { tools: [weatherTool], tool_choice: "required" }),
  },
  "tool-result": {
    title: "tool result",
    isStream: false,
    body: { messages: answeredCall, tools: [weatherTool], max_completion_tokens: 1_000 },
  },
  "json-schema": {
    title: "answer by JSON schema",
    isStream: false,
    body: asks("Make up a person.", {
      response_format: { type: "json_schema", json_schema: { name: "person", schema: personSchema } },
    }),
  },
  image: {
    title: "image",
    isStream: false,
    body: asks([
      { type: "text", text: "Which colour is this?" },
      { type: "image_url", image_url: { url: `data:image/png;base64,${redDotPngBase64}` } },
    ]),
  },
  stop: {
    title: "stop sequence and cap",
    isStream: false,
    body: asks("Count: one, two, three, four.", { stop: ["three"], max_completion_tokens: 200 }),
  },
  reasoning: {
    title: "reasoning, streamed",
    isStream: true,
    body: asks(thoughtQuestion, { reasoning_effort: "low", max_completion_tokens: 4_000, ...streamed }),
    varies: ["/reasoning"],
  },
  refusal: {
    title: "refusal",
    isStream: false,
    body: asks(refusedQuestion),
    varies: ["/text", "/refusal", "/finish", "/reasoning"],
  },
  length: {
    title: "cut by length",
    isStream: false,
    body: asks("Tell a long story.", { max_completion_tokens: 16 }),
  },
} as const satisfies { readonly [name: string]: ChatCase };

export type ChatCaseName = keyof typeof chatCases;
