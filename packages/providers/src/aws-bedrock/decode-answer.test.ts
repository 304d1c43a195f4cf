import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { event, fixtures, frame } from "./__fixtures__/conformance.ts";
import { awsBedrockCodec } from "./codec.ts";

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
