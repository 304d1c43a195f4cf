import { describe, expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { readRequest } from "../testing/read-request.ts";
import { joinBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { googleVertexCodec } from "./codec.ts";

const basePath = "/v1/projects/p/locations/europe-west1/publishers/anthropic";
const model = "claude-sonnet-4-5@20250929";
const codec = googleVertexCodec.atBasePath?.(basePath) ?? googleVertexCodec;
const passage = codec.natives?.["anthropic-messages"];

describe("Claude on Vertex AI", () => {
  test.each([
    [true, "streamRawPredict"],
    [false, "rawPredict"],
  ])("is asked for by the path (streamed: %s)", (stream, verb) => {
    const path = `/models/claude-sonnet-4-5%4020250929:${verb}`;
    expect(codec.requestPath("chat", { model, stream, basePath })).toBe(path);
    expect(passage?.requestPath("chat", { model, stream, basePath })).toBe(path);
    expect(codec.requestHeaders("t")).toMatchObject({ authorization: "Bearer t" });
  });

  test("gets a translated request without its model, and every number as it is", () => {
    const messages = [
      { role: "user", content: "Hi" },
      {
        role: "assistant",
        tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: '{"n":12345678901234567890}' } }],
      },
      { role: "tool", tool_call_id: "c1", content: "x" },
    ];
    const encoding = codec.encodeRequest(readRequest(JSON.stringify({ model: "route", messages }), { model }));
    const body = encoding.ok ? decodeUtf8(encoding.body) : "";
    expect(body).toContain('"input":{"n":12345678901234567890}');
    expect(JSON.parse(body)).not.toHaveProperty("model");
    expect(JSON.parse(body)).toMatchObject({
      anthropic_version: "vertex-2023-10-16",
      messages: [{ role: "user" }, {}, {}],
    });
  });

  test("gets the bytes of a client of Messages, but for the model", () => {
    const sent = '{"model":"route", "max_tokens":9,"messages":[{"role":"user","content":"Hi"}] }';
    const encoding = passage?.encodeRequest(readRequest(sent, { model }));
    expect(encoding?.ok === true && decodeUtf8(encoding.body)).toBe(
      '{"max_tokens":9,"messages":[{"role":"user","content":"Hi"}] ,"anthropic_version":"vertex-2023-10-16"}',
    );
  });

  test("offers chat alone", () => {
    expect(codec.manifest.operations).toEqual(["chat"]);
    expect(googleVertexCodec.atBasePath?.("/v1/publishers/google").manifest.operations).toContain("embeddings");
  });

  test("is understood where the base URL does not say that it answers", () => {
    const message = {
      id: "msg_vrtx_1",
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "text", text: "Hi" }],
    };
    const whole = { ...message, stop_reason: "end_turn", usage: { input_tokens: 3, output_tokens: 2 } };
    const read = googleVertexCodec.readCompleteResponse("chat", encodeUtf8(JSON.stringify(whole)), answerOptions());
    expect(read).toMatchObject({ ok: true, finishReasons: ["stop"], usage: { usage: { input: 3, output: 2 } } });
    const scanner = googleVertexCodec.createStreamScanner(answerOptions());
    const start = { type: "message_start", message: whole };
    const pushed = scanner.push(encodeUtf8(`event: message_start\ndata: ${JSON.stringify(start)}\n\n`));
    const ending = scanner.end();
    expect(ending.verdict).toBe("complete");
    expect(decodeUtf8(joinBytes([...pushed, ...ending.forward]))).toContain('"content":"Hi"');
  });
});
