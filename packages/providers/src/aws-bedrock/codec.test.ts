import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { readRequest } from "../testing/read-request.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { event, fixtures, frame } from "./__fixtures__/conformance.ts";
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

describe("a stream", () => {
  const scan = (chunks: readonly Uint8Array[]) => {
    const scanner = awsBedrockCodec.createStreamScanner(answerOptions());
    const forwarded = chunks.flatMap((chunk) => [...scanner.push(chunk)]);
    const ending = scanner.end();
    return { ending, state: scanner.state, text: decodeUtf8(joinBytes([...forwarded, ...ending.forward])) };
  };
  const start = event("messageStart", '{"role":"assistant"}');
  const stop = (reason: string): Uint8Array => event("messageStop", JSON.stringify({ stopReason: reason }));
  const toolStart = (index: number): Uint8Array =>
    event(
      "contentBlockStart",
      JSON.stringify({ contentBlockIndex: index, start: { toolUse: { toolUseId: `t${index}`, name: "a" } } }),
    );
  const toolDelta = (index: number, input: string): Uint8Array =>
    event("contentBlockDelta", JSON.stringify({ contentBlockIndex: index, delta: { toolUse: { input } } }));

  test("of parallel calls, one without arguments, ends in calls that can be acted on", () => {
    const stopBlock = (index: number): Uint8Array => event("contentBlockStop", `{"contentBlockIndex":${index}}`);
    const { ending, state, text } = scan([
      start,
      toolStart(1),
      toolDelta(1, '{"n":'),
      toolDelta(1, "1}"),
      stopBlock(1),
      toolStart(2),
      toolDelta(2, ""),
      stopBlock(2),
      stop("tool_use"),
    ]);
    expect(ending.verdict).toBe("complete");
    expect(state.finishReasons.get(0)).toBe("tool_calls");
    expect(text).toContain('"arguments":"{}"');
  });

  test.each([
    ["max_tokens", "complete", "length"],
    ["model_context_window_exceeded", "complete", "length"],
    ["stop_sequence", "complete", "stop"],
    ["guardrail_intervened", "filtered", "content_filter"],
    ["refusal", "refused", "content_filter"],
    ["malformed_tool_use", "errored", null],
    ["of_tomorrow", "errored", null],
  ])("that stopped for %s is %s", (reason, verdict, finish) => {
    const { ending, state } = scan([start, stop(reason)]);
    expect([ending.verdict, state.finishReasons.get(0) ?? null]).toEqual([verdict, finish]);
  });

  test("tells which stop sequence it met, where the event that ended it has it", () => {
    const told = { stopReason: "stop_sequence", additionalModelResponseFields: { delta: { stop_sequence: "END" } } };
    expect(scan([start, event("messageStop", JSON.stringify(told))]).text).toContain('"stop_sequence":"END"');
  });

  test("is billed by the time that its cache is kept, and by its tier", () => {
    const usage = { inputTokens: 2, outputTokens: 5, cacheReadInputTokens: 0, cacheWriteInputTokens: 1_322 };
    const cacheDetails = [
      { inputTokens: 1_000, ttl: "1h" },
      { inputTokens: 322, ttl: "5m" },
    ];
    const metadata = { serviceTier: { type: "flex" }, usage: { ...usage, cacheDetails } };
    const { state } = scan([start, stop("end_turn"), event("metadata", JSON.stringify(metadata))]);
    expect(state).toMatchObject({
      serviceTier: "flex",
      usage: { usage: { input: 2, cache_write_5m: 322, cache_write_1h: 1_000, output: 5 } },
    });
  });

  test.each([
    ["internalServerException", "server_error"],
    ["modelStreamErrorException", "server_error"],
    ["serviceUnavailableException", "overloaded"],
    ["validationException", "invalid_request"],
    ["ofTomorrowException", "server_error"],
  ])("that throws %s has failed, even after its stop", (exception, failure) => {
    const thrown = frame(":exception-type", exception, '{"message":"secret"}', "exception");
    const { ending } = scan([start, stop("end_turn"), thrown]);
    expect(ending).toMatchObject({ verdict: "errored", failure: { failure, providerCode: exception } });
  });

  test("with a bit that has flipped, anywhere, is never whole and different", () => {
    const bytes = fixtures.chatStream.text as Uint8Array;
    const expected = scan([bytes]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), fc.array(fc.nat(bytes.length)), (at, bit, cuts) => {
        const flipped = bytes.slice();
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        const observed = scan(splitBytes(flipped, cuts));
        // What has no usage was broken in its last frame, after the answer itself was whole.
        expect(observed.text.includes("[DONE]")).toBe(observed.ending.verdict === "complete");
        expect(["errored", "truncated", expected.text]).toContain(
          observed.ending.verdict === "complete" ? observed.text : observed.ending.verdict,
        );
      }),
    );
  });

  test("of any bytes gives events or a failure, never an exception", () => {
    const payload = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
    const type = fc.constantFrom(
      "messageStart",
      "contentBlockStart",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
      "odd",
    );
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(type, payload).map(([name, json]) => event(name, json)),
      fc.constant(start),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        expect(["truncated", "errored", "complete"]).toContain(scan(pieces).ending.verdict);
      }),
    );
  });
});

test("what is no answer is malformed", () => {
  const read = (text: string): object =>
    awsBedrockCodec.readCompleteResponse("chat", encodeUtf8(text), answerOptions());
  for (const text of ["", "[]", "{}", '{"output":{"message":{"content":[{"toolUse":{}}]}}}']) {
    expect(read(text)).toMatchObject({ ok: false, failure: { failure: "malformed_response" } });
  }
});
