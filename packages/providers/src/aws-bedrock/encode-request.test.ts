import { describe, expect, test } from "vitest";
import { readRequest } from "../testing/read-request.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { awsBedrockCodec } from "./codec.ts";

type Json = Readonly<Record<string, unknown>>;
const hello = [{ role: "user", content: "hi" }];
const tools = [{ type: "function", function: { name: "a", description: "", parameters: { type: "object" } } }];
const call = { id: "c 1", type: "function", function: { name: "a", arguments: '{"n":12345678901234567890}' } };
const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

function encode(fields: Json, model = "m") {
  const request = JSON.stringify({ model: "route", messages: hello, ...fields });
  return awsBedrockCodec.encodeRequest(readRequest(request, { model }));
}

function sent(fields: Json, model?: string): string {
  const encoding = encode(fields, model);
  if (!encoding.ok) throw new Error(encoding.message);
  return decodeUtf8(encoding.body);
}

describe("a request", () => {
  test("names the model in the path, encoded once", () => {
    const path = (model: string, stream: boolean): string =>
      awsBedrockCodec.requestPath("chat", { model, stream, basePath: "" });
    expect(path(claude, true)).toBe(`/model/${claude.replace(":", "%3A")}/converse-stream`);
    expect(path("arn:aws:bedrock:x::profile/y", false)).toBe(
      "/model/arn%3Aaws%3Abedrock%3Ax%3A%3Aprofile%2Fy/converse",
    );
  });

  test("keeps turns, calls and results, and declares tools that it no longer offers", () => {
    const body = sent({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }] },
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "c 1", content: "" },
        { role: "user", content: "and?" },
      ],
    });
    expect(body).toContain('"input":{"n":12345678901234567890}');
    expect(JSON.parse(body)).toMatchObject({
      system: [{ text: "Be brief." }],
      messages: [
        { role: "user", content: [{ image: { format: "png", source: { bytes: "AAAA" } } }] },
        { role: "assistant", content: [{ toolUse: { toolUseId: "c_201", name: "a" } }] },
        {
          role: "user",
          content: [{ toolResult: { toolUseId: "c_201", content: [{ text: "(empty)" }] } }, { text: "and?" }],
        },
      ],
      toolConfig: { tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "object" } } } }] },
    });
  });

  test("gives reasoning back to its own provider only", () => {
    const details = ["aws-bedrock", "anthropic"].map((format) => ({
      format,
      type: "thinking",
      text: "t",
      signature: format,
    }));
    const body = sent({
      messages: [...hello, { role: "assistant", content: "x", reasoning_details: details }, ...hello],
    });
    expect(JSON.parse(body)).toMatchObject({
      messages: [
        {},
        { content: [{ reasoningContent: { reasoningText: { text: "t", signature: "aws-bedrock" } } }, { text: "x" }] },
        {},
      ],
    });
    expect(body).not.toContain('"signature":"anthropic"');
  });

  test.each<[Json, Json]>([
    [
      { max_tokens: 9, top_p: 0.9, top_k: 4, stop: "x" },
      {
        inferenceConfig: { maxTokens: 9, topP: 0.9, stopSequences: ["x"] },
        additionalModelRequestFields: { top_k: 4 },
        additionalModelResponseFieldPaths: ["/stop_sequence"],
      },
    ],
    [{ tools, tool_choice: "required" }, { toolConfig: { toolChoice: { any: {} } } }],
    [
      { tools, tool_choice: { type: "function", function: { name: "a" } } },
      { toolConfig: { toolChoice: { tool: { name: "a" } } } },
    ],
    [
      { response_format: { type: "json_schema", json_schema: { name: "s", schema: { type: "object" } } } },
      {
        outputConfig: {
          textFormat: { type: "json_schema", structure: { jsonSchema: { name: "s", schema: '{"type":"object"}' } } },
        },
      },
    ],
    [
      { reasoning_effort: "high", max_tokens: 6_000 },
      { additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 3_000 } } },
    ],
    [{ reasoning_effort: "none" }, { additionalModelRequestFields: { thinking: { type: "disabled" } } }],
    [{ stream: true, stop: "x" }, { additionalModelResponseFieldPaths: ["/delta/stop_sequence"] }],
  ])("of %j is sent as %j", (fields, expected) => {
    expect(JSON.parse(sent(fields, claude))).toMatchObject(expected);
  });

  test("thinks and samples as the family of Claude does, and as no other maker's model", () => {
    const asked = { reasoning_effort: "high", temperature: 0.5, top_p: 0.9 };
    expect(JSON.parse(sent(asked, "anthropic.claude-opus-5"))).toMatchObject({
      additionalModelRequestFields: {
        thinking: { type: "adaptive", display: "summarized" },
        output_config: { effort: "high" },
      },
    });
    expect(JSON.parse(sent(asked, "anthropic.claude-opus-5"))).not.toHaveProperty("inferenceConfig.temperature");
    expect(JSON.parse(sent({ reasoning_effort: "xhigh" }, "openai.gpt-oss-120b-1:0"))).toMatchObject({
      additionalModelRequestFields: { reasoning_effort: "high" },
    });
    const other = JSON.parse(sent(asked, "amazon.nova-pro-v1:0")) as Json;
    expect(other).toMatchObject({ inferenceConfig: { temperature: 0.5, topP: 0.9 } });
    expect(other).not.toHaveProperty("additionalModelRequestFields");
  });

  test.each<[Json, string]>([
    [{ n: 2 }, "n"],
    [{ response_format: { type: "json_object" } }, "response_format"],
    [{ tools, tool_choice: "none", messages: [...hello, { role: "assistant", tool_calls: [call] }] }, "tool_choice"],
    [
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x/y.png" } }] }] },
      "messages.content",
    ],
  ])("of %j is refused", (fields, param) => {
    expect(encode(fields)).toMatchObject({ ok: false, param });
  });
});
