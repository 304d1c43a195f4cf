import { expect, test } from "vitest";
import { readRequest } from "../testing/read-request.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { qwenCodec } from "./codec.ts";

type Json = Readonly<Record<string, unknown>>;

function encode(fields: Json, model: string, outputTokensCap: number | null = null, codec = qwenCodec) {
  const text = JSON.stringify({ model, messages: [{ role: "user", content: "hi" }], ...fields });
  return codec.encodeRequest(readRequest(text, { model, outputTokensCap }));
}

function thinking(...asked: Parameters<typeof encode>): Json {
  const encoding = encode(...asked);
  if (!encoding.ok) throw new Error(encoding.message);
  const body = JSON.parse(decodeUtf8(encoding.body)) as Json;
  const members = Object.entries(body).filter(([name]) => /thinking|effort|max_/.test(name));
  const dropped = encoding.warnings.some((warning) => warning.startsWith("param=reasoning_effort; action=dropped"));
  return { ...Object.fromEntries(members), ...(dropped ? { dropped } : {}) };
}

const streamed = (effort: string): Json => ({ reasoning_effort: effort, stream: true });

test.each([
  ["qwen-plus", streamed("none"), { enable_thinking: false }],
  ["qwen-plus", { reasoning_effort: "none" }, { enable_thinking: false }],
  ["qwen-plus", streamed("low"), { enable_thinking: true, thinking_budget: 1024 }],
  ["qwen3-32b", streamed("high"), { enable_thinking: true, thinking_budget: 24576 }],
  ["qwen3-max", streamed("medium"), { enable_thinking: true, thinking_budget: 8192 }],
  ["qwen3.5-plus", { reasoning_effort: "medium" }, { enable_thinking: true, thinking_budget: 8192 }],
  ["qwen3-235b-a22b-thinking-2507", streamed("minimal"), { thinking_budget: 512 }],
  ["qwen3-next-80b-a3b-thinking", { reasoning_effort: "low" }, { thinking_budget: 1024 }],
  ["qwen3-vl-plus", { reasoning_effort: "low" }, { enable_thinking: true, thinking_budget: 1024 }],
  // It thinks for as long as it likes.
  ["qwq-plus", streamed("high"), { dropped: true }],
  // Servers may refuse thoughts before a whole answer of these.
  ["qwen-plus", { reasoning_effort: "low" }, { dropped: true }],
  ["qwen2.5-72b-instruct", streamed("low"), { dropped: true }],
  ["qwen-max", streamed("none"), {}],
  ["qwen3-coder-plus", streamed("low"), { dropped: true }],
  ["deepseek-v4", streamed("low"), { reasoning_effort: "low" }],
  ["qwen-plus", { stream: true }, {}],
  // The client's own words for this server.
  ["qwen-plus", { ...streamed("low"), enable_thinking: false }, { enable_thinking: false, dropped: true }],
  [
    "qwen-plus",
    { ...streamed("low"), max_tokens: 1000 },
    { enable_thinking: true, thinking_budget: 500, max_tokens: 500 },
  ],
  [
    "qwen-plus",
    { ...streamed("low"), max_completion_tokens: 5000 },
    { enable_thinking: true, thinking_budget: 1024, max_tokens: 3976 },
  ],
  ["qwen-plus", { ...streamed("low"), max_tokens: 1 }, { max_tokens: 1, dropped: true }],
  // Refused by the server where it would think.
  ["qwen3-32b", {}, { enable_thinking: false }],
  ["qwen3-32b", { reasoning_effort: "low" }, { enable_thinking: false, dropped: true }],
  ["qwen3-32b", { stream: true }, {}],
  ["qwen3.5-plus", { max_tokens: 100 }, { max_tokens: 100 }],
])("%s is asked by %j", (model, fields, expected) => {
  expect(thinking(fields, model)).toEqual(expected);
});

const told = (budget: number, cap: number): Json => ({
  stream: true,
  enable_thinking: true,
  thinking_budget: budget,
  max_tokens: cap,
});

test.each<[string, Json, string, number, Json]>([
  [
    "an effort",
    streamed("high"),
    "qwen-plus",
    2_000,
    { enable_thinking: true, thinking_budget: 1000, max_tokens: 1000 },
  ],
  [
    "a small effort",
    streamed("minimal"),
    "qwen-plus",
    2_000,
    { enable_thinking: true, thinking_budget: 512, max_tokens: 1488 },
  ],
  ["nothing, where it thinks all the same", {}, "qwen3.5-plus", 2_000, { thinking_budget: 1000, max_tokens: 1000 }],
  [
    "nothing, where it thinks always",
    {},
    "qwen3-235b-a22b-thinking-2507",
    2_001,
    { thinking_budget: 1000, max_tokens: 1001 },
  ],
  ["nothing, where it does not think", {}, "qwen-plus", 2_000, { max_tokens: 2000 }],
  [
    "nothing, where a whole answer has no thoughts",
    {},
    "qwen3-32b",
    2_000,
    { enable_thinking: false, max_tokens: 2000 },
  ],
  ["the server's own words within it", told(4_000, 1_000), "qwen-plus", 5_000, told(4_000, 1_000)],
  ["the server's own words beyond it", told(4_000, 1_000), "qwen-plus", 2_000, told(1_000, 1_000)],
  ["one token", { stream: true }, "qwen3.5-plus", 1, { stream: true, enable_thinking: false, max_tokens: 1 }],
])("thoughts and answer are together within what the money allows: %s", (_, fields, model, cap, expected) => {
  const { stream: _stream, ...members } = expected;
  expect(thinking(fields, model, cap)).toEqual(members);
});

test.each(["qwq-plus", "qwen3-235b-a22b-thinking-2507"])("%s cannot be kept from thinking", (model) => {
  expect(encode(streamed("none"), model)).toMatchObject({ ok: false, param: "reasoning_effort" });
});

test("an effort that nobody knows is refused", () => {
  expect(encode(streamed("much"), "qwen-plus")).toMatchObject({ ok: false, param: "reasoning_effort" });
});

test("an admin can let the effort pass", () => {
  const passing = qwenCodec.adjustable?.adjust({ parameters: { reasoning_effort: "pass" } });
  expect(thinking(streamed("low"), "qwen-plus", null, passing)).toEqual({ reasoning_effort: "low" });
});
