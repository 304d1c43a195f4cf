import { describe, expect, test } from "vitest";
import { encodeFields } from "../testing/encode-fields.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { encodeAnthropicRequest } from "./encode-request.ts";

type Json = Record<string, unknown>;

const hello = [{ role: "user", content: "Hi" }];
const old = "claude-sonnet-4-5";
const recent = "claude-opus-5";

const { encode, accepted } = encodeFields(encodeAnthropicRequest, { model: old, outputTokensCap: 1_000 });

describe("messages", () => {
  test("keep what was said, by whom, and in what order", () => {
    const { body, warnings } = accepted({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "developer", content: [{ type: "text", text: "No jokes." }] },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?", cache_control: { type: "ephemeral" } },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0=" } },
            { type: "image_url", image_url: { url: "https://example.org/a.jpg", detail: "high" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
          ],
        },
        { role: "assistant", content: "", refusal: null },
        { role: "user", content: "Well?" },
        { role: "assistant", content: "A harbour." },
        { role: "system", content: "Now in Latin." },
      ],
    });
    expect(body["system"]).toEqual([
      { type: "text", text: "Be brief." },
      { type: "text", text: "No jokes." },
    ]);
    expect(body["messages"]).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?", cache_control: { type: "ephemeral" } },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0=" } },
          { type: "image", source: { type: "url", url: "https://example.org/a.jpg" } },
          {
            type: "document",
            source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
            title: "a.pdf",
          },
          { type: "text", text: "Well?" },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "A harbour." }] },
      { role: "user", content: [{ type: "text", text: "<system>Now in Latin.</system>" }] },
    ]);
    expect(warnings).toEqual([
      "param=detail; action=dropped; provider=anthropic",
      "param=messages.role; action=changed; provider=anthropic",
    ]);
  });

  test("carry tool calls with their numbers intact, and all results of a turn before its text", () => {
    const call = (id: string, text: string): Json => ({
      id,
      type: "function",
      function: { name: "f", arguments: text },
    });
    const encoding = encode({
      messages: [
        ...hello,
        {
          role: "assistant",
          content: null,
          reasoning_details: [
            { type: "thinking", format: "anthropic", text: "Hm.", signature: "sig" },
            { type: "reasoning.encrypted", format: "other", data: "x" },
            { type: "redacted_thinking", format: "anthropic", data: "opaque" },
          ],
          tool_calls: [call("functions.f:0", '{"id":12345678901234567890}'), call("b", "")],
        },
        { role: "tool", tool_call_id: "b", content: "two" },
        { role: "tool", tool_call_id: "functions.f:0", content: [{ type: "text", text: "one" }] },
        { role: "user", content: "Go on." },
        { role: "assistant", content: null, tool_calls: [call("b", "not json")] },
        { role: "tool", tool_call_id: "b", content: "" },
      ],
    });
    if (!encoding.ok) throw new Error(encoding.message);
    const text = decodeUtf8(encoding.body);
    expect(text).toContain('"input":{"id":12345678901234567890}');
    const [, answer, results, second, last] = (JSON.parse(text) as { messages: { content: Json[] }[] }).messages;
    expect(answer?.content.map(({ type, id }) => [type, id])).toEqual([
      ["thinking", undefined],
      ["redacted_thinking", undefined],
      ["tool_use", "functions_2ef_3a0"],
      ["tool_use", "b"],
    ]);
    expect(answer?.content[3]?.["input"]).toEqual({});
    expect(results?.content).toEqual([
      { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "two" }] },
      { type: "tool_result", tool_use_id: "functions_2ef_3a0", content: [{ type: "text", text: "one" }] },
      { type: "text", text: "Go on." },
    ]);
    expect(second?.content).toEqual([{ type: "tool_use", id: "b_2", name: "f", input: {} }]);
    expect(last?.content).toEqual([{ type: "tool_result", tool_use_id: "b_2" }]);
    expect(encoding.warnings).toEqual([
      "param=messages[5].tool_calls[0].function.arguments; action=changed; provider=anthropic",
    ]);
  });

  test.each<[string, Json[], string]>([
    ["audio", [{ role: "user", content: [{ type: "input_audio", input_audio: {} }] }], "messages[0].content[0]"],
    [
      "an unusual image",
      [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/tiff;base64,aa" } }] }],
      "messages[0].content[0]",
    ],
    [
      "a stored file",
      [{ role: "user", content: [{ type: "file", file: { file_id: "file-1" } }] }],
      "messages[0].content[0]",
    ],
    ["a result without its call", [{ role: "tool", tool_call_id: "x", content: "1" }], "messages[0].tool_call_id"],
    ["a role of tomorrow", [{ role: "oracle", content: "1" }], "messages[0].role"],
  ])("are refused for %s", (_, messages, param) => {
    expect(encode({ messages })).toMatchObject({ ok: false, param });
  });

  test("may end in the beginning of the answer only for models that continue it", () => {
    const messages = [...hello, { role: "assistant", content: "{" }];
    expect(accepted({ messages }).body["messages"]).toHaveLength(2);
    expect(encode({ messages }, { model: recent })).toMatchObject({ ok: false, param: "messages" });
  });
});
