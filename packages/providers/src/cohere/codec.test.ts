import { describe, expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { readRequest } from "../testing/read-request.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { cohereCodec } from "./codec.ts";

type Json = Readonly<Record<string, unknown>>;
const hello = [{ role: "user", content: "hi" }];
const tools = ["a", "b"].map((name) => ({ type: "function", function: { name, parameters: { type: "object" } } }));

function encode(fields: Json) {
  return cohereCodec.encodeRequest(readRequest(JSON.stringify({ model: "route", messages: hello, ...fields })));
}

function sent(fields: Json): Json {
  const encoding = encode(fields);
  if (!encoding.ok) throw new Error(encoding.message);
  return JSON.parse(decodeUtf8(encoding.body)) as Json;
}

describe("a request", () => {
  test("keeps roles, calls and results", () => {
    const call = { id: "c1", type: "function", function: { name: "a", arguments: "" } };
    const { messages } = sent({
      messages: [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "see" },
            { type: "image_url", image_url: { url: "https://x/y" } },
          ],
        },
        { role: "assistant", content: null, reasoning_content: "Ask a.", tool_calls: [call] },
        { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "1" }] },
      ],
    });
    expect(messages).toEqual([
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "see" },
          { type: "image_url", image_url: { url: "https://x/y" } },
        ],
      },
      {
        role: "assistant",
        tool_calls: [{ id: "c1", type: "function", function: { name: "a", arguments: "{}" } }],
        tool_plan: "Ask a.",
      },
      { role: "tool", tool_call_id: "c1", content: "1" },
    ]);
  });

  test.each<[Json, Json]>([
    [
      { max_completion_tokens: 9, stop: "x" },
      { max_tokens: 9, stop_sequences: ["x"] },
    ],
    [
      { top_p: 1, top_k: 3, frequency_penalty: 2 },
      { p: 0.99, k: 3, frequency_penalty: 1 },
    ],
    [{ tools, tool_choice: "required" }, { tool_choice: "REQUIRED" }],
    [
      { tools, tool_choice: { type: "function", function: { name: "b" } } },
      { tool_choice: "REQUIRED", tools: [tools[1]] },
    ],
    [{ reasoning_effort: "none" }, { thinking: { type: "disabled" } }],
    [
      { response_format: { type: "json_schema", json_schema: { name: "s", schema: { type: "object" } } } },
      { response_format: { type: "json_object", json_schema: { type: "object" } } },
    ],
  ])("of %j is sent as %j", (fields, expected) => {
    expect(sent(fields)).toMatchObject(expected);
  });

  test.each<[Json, string]>([
    [{ n: 2 }, "n"],
    [{ presence_penalty: -1 }, "presence_penalty"],
    [{ tools, response_format: { type: "json_object" } }, "response_format"],
    [{ messages: [{ role: "user", content: [{ type: "input_audio" }] }] }, "messages[0].content[0]"],
  ])("of %j is refused", (fields, param) => {
    expect(encode(fields)).toMatchObject({ ok: false, param });
  });
});

describe("tool calls", () => {
  const event = (type: string, delta: object): string =>
    `data: ${JSON.stringify({ type, id: "m", index: 0, delta })}\n\n`;
  const start = (args: string): string =>
    event("tool-call-start", {
      message: { tool_calls: { id: "a_1", type: "function", function: { name: "a", arguments: args } } },
    });
  const more = (args: string): string =>
    event("tool-call-delta", { message: { tool_calls: { function: { arguments: args } } } });
  const end = event("message-end", { finish_reason: "TOOL_CALL", usage: null });

  test.each([
    ["nothing", start("") + event("tool-call-end", {}), "{}"],
    ["null", start("") + more("nu") + more("ll"), "{}"],
    ["null at once", start("null"), "{}"],
    ["fragments", start("") + more('{"n":') + more("1}"), '{"n":1}'],
  ])("with arguments of %s can be acted on", (_case, text, expected) => {
    const scanner = cohereCodec.createStreamScanner(answerOptions());
    const told = scanner.push(encodeUtf8(event("message-start", {}) + text + end)).map((bytes) => decodeUtf8(bytes));
    expect(scanner.end()).toMatchObject({ verdict: "complete" });
    const fragments = told.flatMap((line) => {
      const chunk = JSON.parse(line.slice("data: ".length)) as {
        choices: { delta: { tool_calls?: { function: { arguments?: string } }[] } }[];
      };
      return chunk.choices[0]?.delta.tool_calls?.[0]?.function.arguments ?? "";
    });
    expect(fragments.join("")).toBe(expected);
    expect(scanner.state.finishReasons.get(0)).toBe("tool_calls");
  });
});

test("reasons that are no good ending, known or not, are failures", () => {
  for (const [reason, failure] of [
    ["TIMEOUT", "timeout"],
    ["ERROR", "server_error"],
    ["TOMORROW", "malformed_response"],
  ]) {
    const body = encodeUtf8(JSON.stringify({ id: "m", message: { content: [] }, finish_reason: reason }));
    expect(cohereCodec.readCompleteResponse("chat", body, answerOptions())).toMatchObject({
      ok: false,
      failure: { failure },
    });
  }
});
