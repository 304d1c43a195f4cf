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
  const members = Object.entries(body).filter(([name]) => /thinking|effort/.test(name));
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
  ["qwen-plus", { ...streamed("low"), max_tokens: 1000 }, { enable_thinking: true, thinking_budget: 500 }],
  ["qwen-plus", { ...streamed("low"), max_tokens: 1 }, { dropped: true }],
])("%s is asked by %j", (model, fields, expected) => {
  expect(thinking(fields, model)).toEqual(expected);
});

test("the budget leaves room within what the money allows", () => {
  expect(thinking(streamed("high"), "qwen-plus", 2_000)).toEqual({ enable_thinking: true, thinking_budget: 1_000 });
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
