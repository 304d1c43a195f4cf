/** Errors and warnings name a field as the client wrote it, whatever the gateway calls it inside. */
import { describe, expect, test } from "vitest";
import { anthropicCodec } from "../anthropic/codec.ts";
import { cerebrasCodec } from "../cerebras/codec.ts";
import { cohereCodec } from "../cohere/codec.ts";
import type { ProviderCodec, RequestEncoding } from "../provider-codec.ts";
import { qwenCodec } from "../qwen/codec.ts";
import { readRequest } from "../testing/read-request.ts";
import { tgiCodec } from "../tgi/codec.ts";
import { anthropicMessages } from "./anthropic-messages/protocol.ts";
import type { ClientProtocol } from "./client-protocol.ts";
import { openAiResponses } from "./openai-responses/protocol.ts";

type Json = Record<string, unknown>;

function encode(client: ClientProtocol, fields: Json, codec: ProviderCodec, model = "m"): RequestEncoding {
  const asked = { model, ...fields };
  const reading = client.readConversation(asked);
  if (!reading.ok) throw new Error(reading.message);
  const { spellings } = reading;
  const parsed = reading.conversation as Json;
  const request = readRequest(JSON.stringify(asked), { model });
  return codec.encodeRequest({ ...request, parsed, isWidened: true, ...(spellings && { spellings }) });
}

const schema = { type: "object", properties: {} };

describe("of Messages", () => {
  const messages = [{ role: "user", content: "hi" }];
  const tools = [{ name: "tide", input_schema: schema }];
  const ask = (fields: Json, codec: ProviderCodec, model?: string) =>
    encode(anthropicMessages, { max_tokens: 9, messages, ...fields }, codec, model);

  test("a contract that the provider lacks", () => {
    const choice = { type: "auto", disable_parallel_tool_use: true };
    const refused = ask({ tools, tool_choice: choice }, tgiCodec);
    expect(refused).toMatchObject({ ok: false, param: "tool_choice.disable_parallel_tool_use" });
    expect(refused).toMatchObject({ message: expect.stringMatching(/^'tool_choice\.disable_parallel_tool_use' is /) });
  });

  test("a value that the model cannot be given, in the field of either age", () => {
    expect(ask({ output_config: { effort: "much" } }, qwenCodec, "qwen-plus")).toMatchObject({
      ok: false,
      param: "output_config.effort",
      message: expect.stringMatching(/^'output_config\.effort' must be one of /) as string,
    });
    const format = { type: "json_schema", schema };
    expect(ask({ tools, output_format: format }, cohereCodec)).toMatchObject({ ok: false, param: "output_format" });
    expect(ask({ tools, output_config: { format } }, cohereCodec)).toMatchObject({ param: "output_config.format" });
  });

  test("a hint that is left out, and a sequence that the gateway cuts at", () => {
    const stops = ["a", "b", "c", "d", "e", "f"];
    const asked = ask({ stop_sequences: stops, metadata: { user_id: "u" } }, cohereCodec);
    expect(asked).toMatchObject({
      warnings: expect.arrayContaining([warning("stop_sequences", "emulated", "cohere")]),
    });
    expect(asked).toMatchObject({
      warnings: expect.arrayContaining([warning("metadata.user_id", "dropped", "cohere")]),
    });
  });
});

describe("of Responses", () => {
  const ask = (fields: Json, codec: ProviderCodec, model?: string) =>
    encode(openAiResponses, { input: "hi", ...fields }, codec, model);

  test("an effort, a format and a hint, which stand within others", () => {
    expect(ask({ reasoning: { effort: "none" } }, qwenCodec, "qwq-plus")).toMatchObject({
      ok: false,
      param: "reasoning.effort",
      message: expect.stringMatching(/^'reasoning\.effort' of 'none' for qwq-plus/) as string,
    });
    const asked = { text: { format: { type: "json_object" } }, tools: [{ type: "function", name: "tide" }] };
    expect(ask(asked, cohereCodec)).toMatchObject({ ok: false, param: "text.format" });
    expect(ask({ text: { verbosity: "low" } }, cerebrasCodec)).toMatchObject({
      warnings: [warning("text.verbosity", "dropped", "cerebras")],
    });
  });

  test("the input as a whole, whose places are not those of the messages made of it", () => {
    const picture = { type: "input_image", image_url: "ftp://harbour.example/a.png" };
    const asked = ask({ input: [{ role: "user", content: [picture] }] }, anthropicCodec);
    expect(asked).toMatchObject({ ok: false, param: "input" });
  });
});

function warning(param: string, action: string, provider: string): string {
  return `param=${param}; action=${action}; provider=${provider}`;
}
