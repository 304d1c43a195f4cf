import { once } from "node:events";
import { connect } from "node:net";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import type { Behaviour, GarbageKind, MalformedUsage } from "./behaviour/behaviour.ts";
import { readRaw } from "./testing/read-raw.ts";
import { HELLO, MODEL, startSimulator, type TestSimulator } from "./testing/start-simulator.ts";

const STREAM = { ...HELLO, stream: true as const, stream_options: { include_usage: true } };
const CHAT = "/v1/chat/completions";
/** Longer than any test runs: what waits for it never happens. */
const NEVER_MS = 600_000;

const eventsOf = (text: string | Buffer): string[] => String(text).split("\n\n").filter(Boolean);

async function startWith(behaviour: Behaviour): Promise<TestSimulator> {
  const simulator = await startSimulator();
  simulator.behave(behaviour);
  return simulator;
}

describe("error answers", () => {
  it.each([
    [429, "rate_limit_exceeded", OpenAI.RateLimitError],
    [500, null, OpenAI.InternalServerError],
    [502, null, OpenAI.InternalServerError],
    [503, null, OpenAI.InternalServerError],
    [529, "overloaded", OpenAI.InternalServerError],
    [401, "invalid_api_key", OpenAI.AuthenticationError],
    [402, "insufficient_quota", OpenAI.APIError],
    [404, "model_not_found", OpenAI.NotFoundError],
  ])(
    "answers %i as OpenAI does, for plain and streamed calls, and bills nothing",
    async (errorStatus, code, errorClass) => {
      const { client, settledEntries } = await startWith({ errorStatus });
      for (const request of [HELLO, STREAM]) {
        const error = await client.chat.completions.create(request).catch((cause: unknown) => cause);
        expect(error).toBeInstanceOf(errorClass);
        expect(error).toMatchObject({ status: errorStatus, code, requestID: expect.stringMatching(/^req_/) });
      }
      expect(await settledEntries()).toMatchObject([
        { stream: false, status: errorStatus, outcome: "errored", billed: false, tokens: { input: 0, output: 0 } },
        { stream: true, status: errorStatus, outcome: "errored", billed: false },
      ]);
    },
  );

  it.each(["0", "3600", "Wed, 21 Oct 2026 07:28:00 GMT", "soon, perhaps", "-1", ""])(
    "sends Retry-After %j as it is",
    async (retryAfter) => {
      const { post } = await startWith({ errorStatus: 429, retryAfter });
      const response = await post(CHAT, HELLO);
      expect(response.headers.get("retry-after")).toBe(retryAfter);
      expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("0");
    },
  );

  it("sends no Retry-After unless told to", async () => {
    const { post } = await startWith({ errorStatus: 429 });
    expect((await post(CHAT, HELLO)).headers.has("retry-after")).toBe(false);
  });

  it("names codes and messages", async () => {
    const { post, behave } = await startWith({ errorStatus: 400, errorCode: "context_length_exceeded" });
    expect(await (await post(CHAT, HELLO)).json()).toMatchObject({
      error: { code: "context_length_exceeded", message: expect.stringContaining("resulted in 13 tokens") },
    });
    behave({ errorStatus: 400, errorCode: "content_filter" });
    expect(await (await post(CHAT, HELLO)).json()).toMatchObject({
      error: { code: "content_filter", type: "invalid_request_error" },
    });
    behave({ errorStatus: 403, errorCode: "odd", errorMessage: "key sk-secret is odd" });
    expect(await (await post(CHAT, HELLO)).json()).toEqual({
      error: { code: "odd", message: "key sk-secret is odd", type: "invalid_request_error", param: null },
    });
  });

  it("sends extra headers, also in place of its own", async () => {
    const { post } = await startWith({
      errorStatus: 302,
      responseHeaders: { Location: "http://127.0.0.1:1/", "X-Request-Id": "mine", "set-cookie": "a=b" },
    });
    const response = await post(CHAT, HELLO, { redirect: "manual" });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("http://127.0.0.1:1/");
    expect(response.headers.get("x-request-id")).toBe("mine");
    expect(response.headers.getSetCookie()).toEqual(["a=b"]);
  });

  it("fails the first calls and then recovers", async () => {
    const { post } = await startWith({ failFirstCalls: 2, errorStatus: 503 });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await post(CHAT, HELLO)).status);
    expect(statuses).toEqual([503, 503, 200, 200]);
  });

  it("bills errors where the behaviour says so", async () => {
    const { post, settledEntries } = await startWith({ errorStatus: 500, billOnError: true, outputTokens: 9 });
    await post(CHAT, HELLO);
    expect(await settledEntries()).toMatchObject([
      { outcome: "errored", billed: true, tokens: { input: 13, output: 9 } },
    ]);
  });
});

describe("answers that are no answers", () => {
  it("gives an empty answer", async () => {
    const { client, settledEntries } = await startWith({ emptyAnswer: true });
    const plain = await client.chat.completions.create(HELLO);
    expect(plain.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "" } });
    const streamed = await client.chat.completions.stream(STREAM).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe("");
    expect(await settledEntries()).toMatchObject([
      { outcome: "complete", tokens: { output: 0 } },
      { outcome: "complete", tokens: { output: 0 } },
    ]);
  });

  it("refuses, plain and streamed", async () => {
    const { client } = await startWith({ refusal: true });
    const plain = await client.chat.completions.create(HELLO);
    const refusal = plain.choices[0]?.message.refusal;
    expect(refusal).toMatch(/can't help/);
    expect(plain.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: null } });
    const streamed = await client.chat.completions.stream(STREAM).finalChatCompletion();
    expect(streamed.choices[0]?.message).toMatchObject({ refusal, content: null });
    expect(streamed.usage?.completion_tokens).toBe(plain.usage?.completion_tokens);
  });

  it("filters half-way", async () => {
    const { client, settledEntries } = await startWith({ contentFilter: true, outputTokens: 20 });
    const plain = await client.chat.completions.create(HELLO);
    expect(plain.choices[0]?.finish_reason).toBe("content_filter");
    const streamed = await client.chat.completions.stream(STREAM).finalChatCompletion();
    expect(streamed.choices[0]?.finish_reason).toBe("content_filter");
    expect(await settledEntries()).toMatchObject([{ tokens: { output: 10 } }, { tokens: { output: 10 } }]);
  });

  it("gives a text word for word", async () => {
    const answerText = 'Not {"json": after all. 東京 🚂';
    const { client } = await startWith({ answerText });
    expect((await client.chat.completions.create(HELLO)).choices[0]?.message.content).toBe(answerText);
    expect((await client.chat.completions.stream(STREAM).finalChatCompletion()).choices[0]?.message.content).toBe(
      answerText,
    );
  });

  it.each([HELLO, STREAM])("answers 200 with garbage, never billed, when asked for %j", async (request) => {
    const { post, behave, settledEntries } = await startSimulator();
    const garbageOf = async (garbage: GarbageKind): Promise<{ type: string; text: string }> => {
      behave({ garbage });
      const response = await post(CHAT, request);
      expect(response.status).toBe(200);
      return { type: response.headers.get("content-type") ?? "", text: (await response.text()).replace(/^data: /, "") };
    };
    expect(await garbageOf("html")).toEqual({
      type: "text/html; charset=utf-8",
      text: expect.stringMatching(/^<!DOCTYPE html>/),
    });
    expect(await garbageOf("empty")).toMatchObject({ text: "" });
    const [lastEvent = ""] = eventsOf((await garbageOf("truncated_json")).text).slice(-1);
    expect(lastEvent.length).toBeGreaterThan(50);
    expect(() => JSON.parse(lastEvent)).toThrow(SyntaxError);
    expect(JSON.parse((await garbageOf("error_in_200")).text)).toHaveProperty("error.message");
    expect(JSON.parse((await garbageOf("wrong_schema")).text)).not.toHaveProperty("choices");
    const entries = await settledEntries();
    expect(entries).toHaveLength(5);
    for (const entry of entries) expect(entry).toMatchObject({ status: 200, outcome: "garbage", billed: false });
  });

  it.each([
    ["missing", undefined],
    ["negative", expect.objectContaining({ prompt_tokens: -13, completion_tokens: -9 })],
    ["nan", expect.objectContaining({ prompt_tokens: "NaN", completion_tokens: "NaN" })],
    ["huge", expect.objectContaining({ prompt_tokens: 1e15, completion_tokens: 1e15 })],
    ["float", expect.objectContaining({ prompt_tokens: 13.5, completion_tokens: 9.5 })],
  ] satisfies [MalformedUsage, unknown][])(
    "reports %s usage but bills the true one",
    async (malformedUsage, reported) => {
      const { client, settledEntries } = await startWith({ malformedUsage, outputTokens: 9 });
      const plain = await client.chat.completions.create(HELLO);
      let last: OpenAI.ChatCompletionChunk | undefined;
      for await (const chunk of await client.chat.completions.create(STREAM)) last = chunk;
      expect(last?.choices).toEqual([]);
      expect([plain.usage, last?.usage]).toEqual([reported, reported]);
      for (const entry of await settledEntries()) {
        expect(entry.tokens).toEqual({ input: 13, cachedInput: 0, output: 9, reasoning: 0 });
      }
    },
  );
});

describe("a cost in the usage", () => {
  it.each([-0.5, 1e308, "0.25", null])(
    "is told as %j, in streams too, and bills nothing else",
    async (reportedCost) => {
      const { client, settledEntries } = await startWith({ reportedCost, outputTokens: 9 });
      const plain = await client.chat.completions.create(HELLO);
      let last: OpenAI.ChatCompletionChunk | undefined;
      for await (const chunk of await client.chat.completions.create(STREAM)) last = chunk;
      for (const { usage } of [plain, last ?? plain]) {
        expect(usage).toMatchObject({ prompt_tokens: 13, completion_tokens: 9, cost: reportedCost });
      }
      for (const entry of await settledEntries()) {
        expect(entry.tokens).toEqual({ input: 13, cachedInput: 0, output: 9, reasoning: 0 });
      }
    },
  );
});

describe("answers that break off", () => {
  it("refuses connections without a byte", async () => {
    const { client, settledEntries } = await startWith({ connectRefusal: true });
    await expect(client.chat.completions.create(HELLO)).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    expect(await settledEntries()).toMatchObject([{ status: null, outcome: "refused", billed: false }]);
  });

  it.each([0, 1, 4])("cuts a stream after %i chunks and bills what was generated", async (cutAfterChunks) => {
    const { simulator, settledEntries } = await startWith({ cutAfterChunks, outputTokens: 20 });
    const { bytes, isComplete } = await readRaw(simulator.url + CHAT, STREAM);
    expect(isComplete).toBe(false);
    expect(eventsOf(bytes)).toHaveLength(cutAfterChunks);
    // The first chunk carries the role, each one after it a token.
    const output = Math.max(cutAfterChunks - 1, 0);
    expect(await settledEntries()).toMatchObject([
      { status: 200, outcome: "cut", billed: true, tokens: { input: 13, output } },
    ]);
  });

  it("cuts a stream after its last chunk too, and leaves a shorter one whole", async () => {
    const { simulator, behave } = await startWith({ cutAfterChunks: 5, outputTokens: 1 });
    const cut = await readRaw(simulator.url + CHAT, STREAM);
    expect(eventsOf(cut.bytes).at(-1)).toBe("data: [DONE]");
    expect(cut.isComplete).toBe(false);
    behave({ cutAfterChunks: 6, outputTokens: 1 });
    expect(await readRaw(simulator.url + CHAT, STREAM)).toMatchObject({ isComplete: true });
  });

  it.each([HELLO, STREAM])("cuts at any byte of %j and sends exactly the bytes before it", async (request) => {
    const { simulator, behave } = await startSimulator();
    const healthy = await readRaw(simulator.url + CHAT, request);
    expect(healthy.isComplete).toBe(true);
    const { length } = healthy.bytes;
    for (let cutAfterBytes = 0; cutAfterBytes < length; cutAfterBytes += Math.ceil(length / 50)) {
      behave({ cutAfterBytes });
      const cut = await readRaw(simulator.url + CHAT, request);
      expect(cut.isComplete).toBe(false);
      expect(cut.bytes).toHaveLength(cutAfterBytes);
    }
    behave({ cutAfterBytes: length });
    expect(await readRaw(simulator.url + CHAT, request)).toMatchObject({ isComplete: true });
  });

  it("ends a stream in good order without finish or [DONE]", async () => {
    const { client, simulator, settledEntries } = await startWith({ cleanEofAfterChunks: 3 });
    const { bytes, isComplete } = await readRaw(simulator.url + CHAT, STREAM);
    expect(isComplete).toBe(true);
    expect(eventsOf(bytes)).toHaveLength(3);
    await expect(client.chat.completions.stream(STREAM).finalChatCompletion()).rejects.toThrow("missing finish_reason");
    expect((await settledEntries())[0]).toMatchObject({ outcome: "ended_early", billed: true, tokens: { output: 2 } });
  });

  it("sends an error event in mid-stream", async () => {
    const { client, settledEntries } = await startWith({ errorMidStream: 2 });
    const received: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of await client.chat.completions.create(STREAM)) received.push(chunk);
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(received).toHaveLength(2);
    expect(await settledEntries()).toMatchObject([
      { status: 200, outcome: "errored", billed: true, tokens: { output: 1 } },
    ]);
  });

  it("leaves plain answers alone where only a stream can break", async () => {
    const { client, behave } = await startSimulator();
    for (const behaviour of [{ cleanEofAfterChunks: 0 }, { errorMidStream: 0 }]) {
      behave(behaviour);
      expect((await client.chat.completions.create(HELLO)).choices).toHaveLength(1);
    }
  });
});

describe("pace and aborts", () => {
  /** Streams until as many contents have come, then leaves. */
  async function leaveAfter({ client }: TestSimulator, contents: number): Promise<void> {
    let seen = 0;
    for await (const chunk of await client.chat.completions.create(STREAM)) {
      if (chunk.choices[0]?.delta.content) seen += 1;
      if (seen === contents) break;
    }
  }

  it("stops billing when the client leaves, or bills the full answer", async () => {
    const simulator = await startSimulator();
    for (const abortBilling of ["stop_on_abort", "run_on_abort"] as const) {
      simulator.behave({ stallAfterChunks: 6, outputTokens: 40, abortBilling });
      await leaveAfter(simulator, 5);
    }
    expect(await simulator.settledEntries()).toMatchObject([
      { status: 200, outcome: "aborted_by_client", billed: true, tokens: { input: 13, output: 5 } },
      { status: 200, outcome: "aborted_by_client", billed: true, tokens: { input: 13, output: 40 } },
    ]);
  });

  it("bills reasoning first when a stream is aborted", async () => {
    const simulator = await startWith({ stallAfterChunks: 3, outputTokens: 40, reasoningTokens: 25 });
    await leaveAfter(simulator, 2);
    expect(await simulator.settledEntries()).toMatchObject([{ tokens: { reasoning: 25, output: 2 } }]);
  });

  it.each([{ latencyMs: NEVER_MS }, { slowFirstByteMs: NEVER_MS }, { tokensPerSecond: 0.001 }])(
    "sends nothing of a plain answer before %j have passed",
    async (behaviour) => {
      const { post, openCalls, settledEntries } = await startWith(behaviour);
      const abort = new AbortController();
      const response = post(CHAT, HELLO, { signal: abort.signal });
      await openCalls(1);
      abort.abort();
      await expect(response).rejects.toThrow("aborted");
      expect(await settledEntries()).toMatchObject([
        { status: null, outcome: "aborted_by_client", billed: true, tokens: { input: 13, output: 0 } },
      ]);
    },
  );

  it("waits between the headers and the first byte", async () => {
    const { post, settledEntries } = await startWith({ firstByteDelayMs: NEVER_MS });
    for (const request of [HELLO, STREAM]) {
      const abort = new AbortController();
      const response = await post(CHAT, request, { signal: abort.signal });
      expect(response.status).toBe(200);
      abort.abort();
      await expect(response.text()).rejects.toThrow("aborted");
    }
    for (const entry of await settledEntries())
      expect(entry).toMatchObject({ status: 200, outcome: "aborted_by_client", tokens: { output: 0 } });
  });

  it("paces a stream by its tokens: the role at once, the first token in its time", async () => {
    const { client, settledEntries } = await startWith({ tokensPerSecond: 0.001 });
    const stream = await client.chat.completions.create(STREAM);
    const first = await stream[Symbol.asyncIterator]().next();
    expect(first.value?.choices[0]?.delta.role).toBe("assistant");
    stream.controller.abort();
    expect(await settledEntries()).toMatchObject([{ outcome: "aborted_by_client", tokens: { output: 0 } }]);
  });

  it("delivers a paced stream whole", async () => {
    const { client } = await startWith({
      tokensPerSecond: 5_000,
      latencyMs: { p50: 2, p99: 5 },
      firstByteDelayMs: 1,
      outputTokens: 60,
      chunkTokens: 3,
    });
    const completion = await client.chat.completions.stream(STREAM).finalChatCompletion();
    expect(completion.usage?.completion_tokens).toBe(60);
  });

  it("makes no chunk that a client which does not read cannot take", async () => {
    const outputTokens = 1_000_000;
    const { simulator, settledEntries } = await startWith({ outputTokens });
    const { hostname, port } = new URL(simulator.url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify(STREAM);
    socket.write(
      `POST ${CHAT} HTTP/1.1\r\nhost: simulator\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await once(socket, "readable");
    socket.destroy();
    const [entry] = await settledEntries();
    expect(entry?.outcome).toBe("aborted_by_client");
    expect(entry?.tokens.output).toBeLessThan(outputTokens);
  });

  it("marks what its own stop interrupts, and bills nothing for it", async () => {
    const { client, simulator, settledEntries } = await startWith({ stallAfterChunks: 2 });
    const stream = await client.chat.completions.create(STREAM);
    await simulator.close();
    const next = async (): Promise<unknown> => {
      for await (const chunk of stream) if (chunk.choices[0]?.finish_reason) return chunk;
      return undefined;
    };
    await expect(next()).rejects.toThrow("terminated");
    expect(await settledEntries()).toMatchObject([{ model: MODEL, outcome: "interrupted", billed: false }]);
  });
});
