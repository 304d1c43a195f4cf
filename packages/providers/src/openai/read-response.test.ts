import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { readOpenAiResponse } from "./read-response.ts";

const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

function read(body: unknown, operation: "chat" | "embeddings" = "chat") {
  return readOpenAiResponse(operation, encodeUtf8(typeof body === "string" ? body : JSON.stringify(body)));
}

function chat(message: object | undefined, finishReason: string | null = "stop") {
  return {
    id: "c",
    model: "m-2026",
    service_tier: "default",
    choices: [{ index: 0, message, finish_reason: finishReason }],
    usage,
  };
}

describe("readOpenAiResponse for chat", () => {
  test("reads what settlement and the receipt need", () => {
    expect(read(chat({ role: "assistant", content: "Hello", refusal: null }))).toEqual({
      ok: true,
      body: null,
      verdict: "complete",
      usage: { kind: "usable", usage: { input: 7, output: 3 }, warnings: [] },
      finishReasons: ["stop"],
      empty: false,
      serviceTier: "default",
      model: "m-2026",
    });
  });

  test.each<[string, unknown, object]>([
    ["a refusal", chat({ content: null, refusal: "I cannot help with that." }), { verdict: "refused", empty: false }],
    ["a filtered answer", chat({ content: "" }, "content_filter"), { verdict: "filtered", empty: false }],
    ["a filtered answer without a message", chat(undefined, "content_filter"), { verdict: "filtered" }],
    ["an empty text", chat({ content: "" }), { verdict: "complete", empty: true }],
    ["no text", chat({ content: null }), { verdict: "complete", empty: true }],
    ["a tool call", chat({ content: null, tool_calls: [{ id: "a" }] }, "tool_calls"), { empty: false }],
    ["an empty list of tool calls", chat({ content: null, tool_calls: [] }), { empty: true }],
    ["a list of parts", chat({ content: [{ type: "text", text: "a" }] }), { empty: false }],
    [
      "reasoning without text",
      chat({ content: "", reasoning_content: "hm" }, "length"),
      { empty: false, finishReasons: ["length"] },
    ],
    ["no usage", { choices: [{ message: { content: "a" }, finish_reason: "stop" }] }, { usage: null, model: null }],
    [
      "usage that is null",
      { choices: [{ message: { content: "a" }, finish_reason: "stop" }], usage: null },
      { usage: null },
    ],
    [
      "hostile usage",
      { choices: [{ message: { content: "a" } }], usage: { prompt_tokens: -1 } },
      { usage: { kind: "unusable" } },
    ],
    ["white space before the answer", `\n\n  ${JSON.stringify(chat({ content: "a" }))}\n`, { verdict: "complete" }],
    [
      "log probabilities without end",
      chat({ content: "a", logprobs: Array.from({ length: 30_000 }, () => ({ a: 1, b: 2, c: 3, d: 4 })) }),
      { verdict: "complete" },
    ],
    [
      "usage too long to be honest",
      { choices: [{ message: { content: "a" } }], usage: { note: "x".repeat(70_000) } },
      { usage: { kind: "unusable" } },
    ],
    ["a model with an endless name", { ...chat({ content: "a" }), model: "m".repeat(300) }, { model: null }],
    ["a null error", { ...chat({ content: "a" }), error: null }, { verdict: "complete" }],
  ])("accepts %s", (_, body, expected) => {
    expect(read(body)).toMatchObject({ ok: true, ...expected });
  });

  test.each(["", "null"])("writes a finish of %j as null", (told) => {
    const answer = read(chat({ role: "assistant", content: "a" }, told));
    expect(answer).toMatchObject({ ok: true, finishReasons: [null] });
    const body: unknown = answer.ok && answer.body !== null ? JSON.parse(decodeUtf8(answer.body)) : null;
    expect(body).toMatchObject({ choices: [{ message: { content: "a" }, finish_reason: null }] });
  });

  test.each<[string, unknown, string]>([
    ["nothing", "", "malformed_response"],
    ["a page", "<html><body>502 Bad Gateway</body></html>", "malformed_response"],
    ["half an answer", JSON.stringify(chat({ content: "a" })).slice(0, -5), "malformed_response"],
    ["two answers", JSON.stringify(chat({ content: "a" })).repeat(2), "malformed_response"],
    ["a list", [chat({ content: "a" })], "malformed_response"],
    ["a text", '"hello"', "malformed_response"],
    ["another object", { object: "list", data: [] }, "malformed_response"],
    ["no choices", { choices: [] }, "malformed_response"],
    ["choices of another type", { choices: "none" }, "malformed_response"],
    ["a depth bomb", `{"choices":${"[".repeat(100_000)}`, "malformed_response"],
    ["an error", { error: { message: "Rate limit", type: "rate_limit_error" } }, "rate_limited"],
    ["an error with a status", { error: { message: "busy", code: 502 } }, "server_error"],
    ["an error beside choices", { ...chat({ content: "a" }), error: { code: 429 } }, "rate_limited"],
    ["a failed generation", chat({ content: "a" }, "error"), "server_error"],
  ])("takes %s for a failure", (_, body, failure) => {
    expect(read(body)).toMatchObject({ ok: false, failure: { failure, message: expect.stringMatching(/\.$/) } });
  });
});

describe("readOpenAiResponse for embeddings", () => {
  test.each<[string, unknown, object]>([
    [
      "vectors",
      { data: [{ embedding: [0.1] }, { embedding: "AAAA" }], usage: { prompt_tokens: 4, total_tokens: 4 } },
      { ok: true, empty: false, usage: { usage: { input: 4 } } },
    ],
    ["no vectors", { data: [], usage: { prompt_tokens: 4 } }, { ok: true, empty: true }],
    ["no list", { data: "none" }, { ok: false, failure: { failure: "malformed_response" } }],
    ["a chat answer", chat({ content: "a" }), { ok: false }],
    ["an error", { error: { code: "model_not_found" } }, { ok: false, failure: { failure: "model_not_found" } }],
  ])("judges %s", (_, body, expected) => {
    expect(read(body, "embeddings")).toMatchObject(expected);
  });
});

test("never throws, whatever comes", () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.json().map(encodeUtf8),
    fc
      .record({ choices: fc.jsonValue(), usage: fc.jsonValue(), error: fc.jsonValue(), data: fc.jsonValue() })
      .map((value) => encodeUtf8(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(body, fc.constantFrom("chat" as const, "embeddings" as const), (bytes, operation) => {
      expect(typeof readOpenAiResponse(operation, bytes).ok).toBe("boolean");
    }),
    { numRuns: 2_000 },
  );
});
