import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { anthropicCodec } from "./codec.ts";

const createdSeconds = 1_763_600_000;

type Json = Record<string, unknown>;
interface Chunk {
  choices: { delta: Json; finish_reason: string | null; stop_sequence?: string }[];
  usage?: Json | null;
}

function events(...list: readonly Json[]): string {
  return list.map((event) => `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

const start = (usage: Json = { input_tokens: 10, output_tokens: 1 }): Json => ({
  type: "message_start",
  message: { id: "msg_1", type: "message", role: "assistant", model: "claude-x", content: [], usage },
});
const open = (index: number, block: Json): Json => ({ type: "content_block_start", index, content_block: block });
const delta = (index: number, change: Json): Json => ({ type: "content_block_delta", index, delta: change });
const close = (index: number): Json => ({ type: "content_block_stop", index });
const finish = (reason: string, more: Json = {}, usage: Json = { output_tokens: 7 }): Json => ({
  type: "message_delta",
  delta: { stop_reason: reason, stop_sequence: null, ...more },
  usage,
});
const stop: Json = { type: "message_stop" };

function stream(text: string, forwardUsage = true) {
  const scanner = anthropicCodec.createStreamScanner(answerOptions({ forwardUsage }));
  const pushed = scanner.push(encodeUtf8(text));
  const ending = scanner.end();
  const forwarded = decodeUtf8(joinBytes([...pushed, ...ending.forward]));
  const data = forwarded.split("\n\n").filter((event) => event !== "");
  const chunks = data
    .filter((event) => event !== "data: [DONE]")
    .map((event) => JSON.parse(event.slice("data: ".length)) as Chunk);
  return { ending, state: scanner.state, chunks, data };
}

function whole(content: readonly Json[], more: Json) {
  const usage = { input_tokens: 10, output_tokens: 7 };
  const body = { id: "msg_1", type: "message", model: "claude-x", content, usage, ...more };
  const response = anthropicCodec.readCompleteResponse("chat", encodeUtf8(JSON.stringify(body)), answerOptions());
  if (!response.ok || response.body === null) throw new Error("no answer");
  return { response, completion: JSON.parse(decodeUtf8(response.body)) as Json & { choices: [{ message: Json }] } };
}

describe("a stream", () => {
  test("has the order that SDKs rely on: role, contents, finish, usage, [DONE]", () => {
    const { chunks, data } = stream(
      events(
        start(),
        { type: "ping" },
        open(0, { type: "text", text: "" }),
        delta(0, { type: "text_delta", text: "Hi" }),
        close(0),
        { type: "event_of_tomorrow" },
        finish("stop_sequence", { stop_sequence: "END" }),
        stop,
      ),
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "", refusal: null },
      { content: "Hi" },
      {},
      undefined,
    ]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, "stop", undefined]);
    expect(chunks[2]?.choices[0]?.stop_sequence).toBe("END");
    expect(chunks.map(({ usage }) => usage?.["total_tokens"] ?? null)).toEqual([null, null, null, 17]);
    expect(data.at(-1)).toBe("data: [DONE]");
  });

  test("keeps usage from clients that did not ask", () => {
    const { data, state } = stream(events(start(), finish("end_turn"), stop), false);
    expect(data.join("")).not.toContain("usage");
    expect(state.usage).toMatchObject({ kind: "usable" });
  });

  test("numbers the client's tools, and leaves the provider's own to it", () => {
    const { chunks, ending } = stream(
      events(
        start(),
        open(0, { type: "text", text: "Looking." }),
        close(0),
        open(1, { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} }),
        delta(1, { type: "input_json_delta", partial_json: '{"q":1}' }),
        close(1),
        open(2, { type: "tool_use", id: "toolu_1", name: "weather", input: {} }),
        delta(2, { type: "input_json_delta", partial_json: "" }),
        delta(2, { type: "input_json_delta", partial_json: '{"city": "B' }),
        open(3, { type: "tool_use", id: "toolu_2", name: "now", input: {} }),
        delta(2, { type: "input_json_delta", partial_json: 'ergen"}' }),
        close(2),
        close(3),
        finish("tool_use"),
        stop,
      ),
    );
    const calls = chunks.flatMap(({ choices }) => (choices[0]?.delta["tool_calls"] ?? []) as Json[]);
    expect(calls).toEqual([
      { index: 0, id: "toolu_1", type: "function", function: { name: "weather", arguments: "" } },
      { index: 0, function: { arguments: '{"city": "B' } },
      { index: 0, function: { arguments: 'ergen"}' } },
      { index: 1, id: "toolu_2", type: "function", function: { name: "now", arguments: "" } },
      { index: 1, function: { arguments: "{}" } },
    ]);
    expect(chunks.find(({ choices }) => choices[0]?.finish_reason)?.choices[0]?.finish_reason).toBe("tool_calls");
    expect(ending.verdict).toBe("complete");
  });

  const call = [
    open(0, { type: "tool_use", id: "t", name: "f", input: {} }),
    delta(0, { type: "input_json_delta", partial_json: '{"a' }),
  ];

  test.each<[string, Json[], string]>([
    ["an ending that nobody knows", [start(), finish("bored"), stop], "malformed_response"],
    ["a second message", [start(), start()], "malformed_response"],
    ["arguments that are no JSON", [start(), ...call, close(0), finish("tool_use"), stop], "malformed_response"],
    [
      "an error after the finish",
      [start(), finish("end_turn"), { type: "error", error: { type: "api_error" } }],
      "server_error",
    ],
    ["contents before the start", [open(0, { type: "text", text: "x" })], "malformed_response"],
  ])("fails for %s, without a finish or [DONE]", (_, list, failure) => {
    const { ending, data } = stream(events(...list));
    expect(ending).toMatchObject({ verdict: "errored", failure: { failure } });
    expect(data.join("")).not.toMatch(/"finish_reason":"|\[DONE\]/);
  });

  test("keeps a call that a limit has cut", () => {
    const { ending, chunks } = stream(events(start(), ...call, finish("max_tokens"), stop));
    expect(ending.verdict).toBe("complete");
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("length");
  });

  test("never throws and never completes what had no good end, whatever comes", () => {
    const anything = fc.oneof(
      fc.constantFrom(start(), finish("end_turn"), finish("tool_use"), close(0), open(0, { type: "tool_use" })),
      fc.record({
        type: fc.constantFrom("message_start", "content_block_start", "content_block_delta", "message_delta", "error"),
        index: fc.jsonValue(),
        delta: fc.jsonValue(),
        message: fc.jsonValue(),
        content_block: fc.jsonValue(),
        usage: fc.jsonValue(),
      }),
    );
    fc.assert(
      fc.property(fc.array(anything), fc.array(fc.nat(2_000)), (list, cuts) => {
        const text = events(...(list as Json[]));
        const scanner = anthropicCodec.createStreamScanner(answerOptions());
        const pushed = splitBytes(encodeUtf8(text), cuts).flatMap((chunk) => [...scanner.push(chunk)]);
        const ending = scanner.end();
        const forwarded = decodeUtf8(joinBytes([...pushed, ...ending.forward]));
        expect(forwarded.includes("[DONE]")).toBe(ending.failure === null);
        expect(scanner.state.finishReasons.get(0) == null && ending.failure === null).toBe(false);
      }),
    );
  });
});

describe("a whole message", () => {
  test("says the same as its stream", () => {
    const blocks = [
      { type: "thinking", thinking: "Hm.", signature: "sig" },
      { type: "redacted_thinking", data: "opaque" },
      { type: "text", text: "Hi" },
      { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Bergen", n: 1 } },
    ];
    const { completion, response } = whole(blocks, { stop_reason: "tool_use" });
    const [thinking, redacted, text, tool] = blocks as unknown as [Json, Json, Json, Json];
    const streamed = stream(
      events(
        start(),
        open(0, { ...thinking, thinking: "", signature: "" }),
        delta(0, { type: "thinking_delta", thinking: "Hm." }),
        delta(0, { type: "signature_delta", signature: "sig" }),
        close(0),
        open(1, redacted),
        close(1),
        open(2, { ...text, text: "" }),
        delta(2, { type: "text_delta", text: "Hi" }),
        close(2),
        open(3, { ...tool, input: {} }),
        delta(3, { type: "input_json_delta", partial_json: '{"city":"Bergen",' }),
        delta(3, { type: "input_json_delta", partial_json: '"n":1}' }),
        close(3),
        finish("tool_use"),
        stop,
      ),
    );
    expect(assemble(streamed.chunks)).toEqual(completion.choices[0].message);
    expect(streamed.chunks.at(-1)?.usage).toEqual(completion["usage"]);
    expect(streamed.state.usage).toEqual(response.usage);
    expect(completion).toMatchObject({
      id: "msg_1",
      object: "chat.completion",
      created: createdSeconds,
      model: "claude-x",
    });
  });

  test.each([
    ["refusal", "refused", "content_filter", "No."],
    ["pause_turn", "complete", "length", null],
    ["model_context_window_exceeded", "complete", "length", null],
  ])("ends by %s as %s", (reason, verdict, finishReason, refusal) => {
    const details = reason === "refusal" ? { stop_details: { explanation: "No." } } : {};
    const { completion, response } = whole([{ type: "text", text: "Well" }], { stop_reason: reason, ...details });
    expect(response.verdict).toBe(verdict);
    expect(completion.choices[0]).toMatchObject({ finish_reason: finishReason, message: { content: "Well", refusal } });
  });

  test("keeps numbers that no double can hold", () => {
    const body =
      '{"id":"m","type":"message","model":"c","content":[{"type":"tool_use","id":"t","name":"f","input":{"id":12345678901234567890}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}';
    const response = anthropicCodec.readCompleteResponse("chat", encodeUtf8(body), answerOptions());
    expect(response.ok && response.body !== null && decodeUtf8(response.body)).toContain(
      String.raw`{\"id\":12345678901234567890}`,
    );
  });

  test("bills what ran beside the answer", () => {
    const iterations = [
      { type: "compaction", input_tokens: 99_195, output_tokens: 500 },
      { type: "message", input_tokens: 162, output_tokens: 7 },
    ];
    const { response } = whole([], {
      stop_reason: "end_turn",
      usage: { input_tokens: 162, output_tokens: 7, iterations },
    });
    expect(response.usage).toMatchObject({ kind: "usable", usage: { input: 99_357, output: 507 } });
  });

  test("counts searches beside the tokens, and pages that were fetched not at all", () => {
    const usage = {
      input_tokens: 20,
      output_tokens: 7,
      server_tool_use: { web_search_requests: 3, web_fetch_requests: 2 },
    };
    const { response } = whole([], { stop_reason: "end_turn", usage });
    expect(response.usage).toMatchObject({ kind: "usable", usage: { input: 20, output: 7, search_units: 3 } });
  });

  test.each([
    ["no message", '{"type":"completion"}', "malformed_response"],
    ["an error", '{"type":"error","error":{"type":"overloaded_error","message":"x"}}', "overloaded"],
    ["no ending", '{"type":"message","content":[],"stop_reason":null}', "truncated"],
    ["no JSON", "<html>", "malformed_response"],
    ["a depth bomb", `{"type":"message","content":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "malformed_response"],
  ])("is none with %s", (_, body, failure) => {
    const response = anthropicCodec.readCompleteResponse("chat", encodeUtf8(body), answerOptions());
    expect(response).toMatchObject({ ok: false, failure: { failure } });
  });
});

/** As an SDK puts deltas together. */
function assemble(chunks: readonly Chunk[]): Json {
  const message: Json = { role: "assistant", content: "", refusal: null };
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  for (const change of chunks.map(({ choices }) => choices[0]?.delta ?? {})) {
    for (const name of ["content", "reasoning_content"]) {
      if (typeof change[name] === "string")
        message[name] = `${(message[name] as string | undefined) ?? ""}${change[name]}`;
    }
    if (change["reasoning_details"]) {
      message["reasoning_details"] = [
        ...((message["reasoning_details"] as Json[] | undefined) ?? []),
        ...(change["reasoning_details"] as Json[]),
      ];
    }
    for (const { index, ...call } of (change["tool_calls"] ?? []) as ({ index: number } & (typeof calls)[number])[]) {
      const known = calls[index];
      if (known === undefined) calls[index] = { ...call, function: { ...call.function } };
      else known.function.arguments += call.function.arguments;
    }
  }
  return { ...message, tool_calls: calls };
}
