import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { googleGeminiCodec } from "./codec.ts";

type Json = Record<string, unknown>;

const call = (name: string, args: Json, more: Json = {}): Json => ({ functionCall: { name, args }, ...more });

function response(parts: readonly Json[], finishReason?: string, more: Json = {}): Json {
  return {
    candidates: [{ content: { parts, role: "model" }, finishReason }],
    responseId: "r1",
    modelVersion: "g",
    ...more,
  };
}

function stream(...responses: readonly Json[]) {
  const scanner = googleGeminiCodec.createStreamScanner(answerOptions());
  const pushed = scanner.push(encodeUtf8(responses.map((part) => `data: ${JSON.stringify(part)}\n\n`).join("")));
  const ending = scanner.end();
  return { ending, state: scanner.state, text: decodeUtf8(joinBytes([...pushed, ...ending.forward])) };
}

function whole(body: Json) {
  return googleGeminiCodec.readCompleteResponse("chat", encodeUtf8(JSON.stringify(body)), answerOptions());
}

function completion(body: Json): Json {
  const read = whole(body);
  if (!read.ok || read.body === null) throw new Error("no answer");
  return JSON.parse(decodeUtf8(read.body)) as Json;
}

describe("several candidates", () => {
  const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 9 };
  const candidate = (parts: readonly Json[], finishReason: string) => ({ content: { parts }, finishReason });

  test("are a choice each, and used what all of them did", () => {
    const candidates = [candidate([{ text: "one" }], "STOP"), candidate([call("now", {})], "STOP")];
    const read = whole({ candidates, usageMetadata, responseId: "r1" });
    expect(read).toMatchObject({
      ok: true,
      verdict: "complete",
      finishReasons: ["stop", "tool_calls"],
      usage: { kind: "usable", usage: { input: 3, output: 9 } },
    });
    expect(completion({ candidates, usageMetadata, responseId: "r1" })).toMatchObject({
      id: "r1",
      usage: { total_tokens: 12 },
      choices: [
        { index: 0, message: { content: "one" }, finish_reason: "stop" },
        { index: 1, message: { tool_calls: [{ function: { name: "now" } }] }, finish_reason: "tool_calls" },
      ],
    });
  });

  test("are judged together", () => {
    const filtered = [candidate([{ text: "one" }], "STOP"), candidate([], "SAFETY")];
    expect(whole({ candidates: filtered, usageMetadata })).toMatchObject({
      ok: true,
      verdict: "filtered",
      empty: false,
    });
    const broken = [candidate([{ text: "one" }], "STOP"), candidate([], "MALFORMED_FUNCTION_CALL")];
    expect(whole({ candidates: broken, usageMetadata })).toMatchObject({
      ok: false,
      failure: { failure: "malformed_response" },
    });
  });
});

describe("calls of tools", () => {
  test("get ids, arguments as text, and finish as tool_calls although the provider says STOP", () => {
    const parts = [call("weather", { city: "Bergen" }, { thoughtSignature: "CiQB" }), call("now", {})];
    expect(completion(response(parts, "STOP"))["choices"]).toMatchObject([
      {
        finish_reason: "tool_calls",
        message: {
          content: null,
          tool_calls: [
            { id: "call_r1_0", type: "function", function: { name: "weather", arguments: '{"city":"Bergen"}' } },
            { id: "call_r1_1", type: "function", function: { name: "now", arguments: "{}" } },
          ],
          reasoning_details: [
            { type: "thought_signature", format: "google-gemini", data: "CiQB", tool_call_id: "call_r1_0" },
          ],
        },
      },
    ]);
    const { text, ending } = stream(response(parts), response([{ text: "" }], "STOP"));
    expect(ending.verdict).toBe("complete");
    expect(text.match(/"finish_reason":"[a-z_]+"/g)).toEqual(['"finish_reason":"tool_calls"']);
  });

  test.each(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "OTHER", "REASON_OF_TOMORROW"])(
    "that ended by %s are no answer",
    (reason) => {
      expect(whole(response([], reason))).toMatchObject({ ok: false, failure: { failure: "malformed_response" } });
    },
  );
});

describe("endings", () => {
  test.each([
    ["MAX_TOKENS", "length", "complete"],
    ["SAFETY", "content_filter", "filtered"],
    ["MODEL_ARMOR", "content_filter", "filtered"],
  ])("%s is %s", (reason, finishReason, verdict) => {
    expect(whole(response([{ text: "a" }], reason))).toMatchObject({
      ok: true,
      verdict,
      finishReasons: [finishReason],
    });
    expect(stream(response([{ text: "a" }]), response([], reason)).ending.verdict).toBe(verdict);
  });

  test("a blocked prompt is a failure that speaks of the filter", () => {
    const blocked = { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: { promptTokenCount: 4 } };
    expect(whole(blocked)).toMatchObject({ ok: false, failure: { failure: "content_filtered" } });
    expect(stream(blocked).ending.failure).toMatchObject({ failure: "content_filtered" });
  });

  test("text after an early finish still belongs to the answer, and its finish comes last", () => {
    const { text, ending } = stream(response([], "STOP"), response([{ text: "late" }], "STOP"));
    expect(ending).toMatchObject({ verdict: "complete", empty: false });
    expect(text.indexOf("late")).toBeLessThan(text.indexOf('"finish_reason":"stop"'));
  });
});

test("sources of every kind are cited", () => {
  const groundingChunks = [
    { web: { uri: "https://example.org/", title: "Harbours" } },
    { maps: { uri: "https://maps.example.org/?cid=1", title: "Old harbour", placeId: "p1" } },
    { retrievedContext: { title: "harbours.pdf", text: "Both are quiet." } },
    { ofTomorrow: {} },
  ];
  const { text } = stream(response([{ text: "a" }]), {
    candidates: [{ finishReason: "STOP", groundingMetadata: { groundingChunks } }],
  });
  expect(text.match(/"(?:url|title|text)":"[^"]+"/g)).toEqual([
    '"url":"https://example.org/"',
    '"title":"Harbours"',
    '"url":"https://maps.example.org/?cid=1"',
    '"title":"Old harbour"',
    '"title":"harbours.pdf"',
    '"title":"harbours.pdf"',
    '"text":"Both are quiet."',
  ]);
});

test("never throws and never completes what had no good end, whatever comes", () => {
  const anything = fc.oneof(
    fc.constantFrom(response([{ text: "a" }], "STOP"), response([call("f", {})]), { error: { code: 500 } }),
    fc.record({
      candidates: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ content: fc.jsonValue(), finishReason: fc.jsonValue() })),
      ),
      usageMetadata: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(fc.array(anything), fc.array(fc.nat(2_000)), (list, cuts) => {
      const scanner = googleGeminiCodec.createStreamScanner(answerOptions());
      const bytes = encodeUtf8(list.map((part) => `data: ${JSON.stringify(part)}\n\n`).join(""));
      const pushed = splitBytes(bytes, cuts).flatMap((chunk) => [...scanner.push(chunk)]);
      const ending = scanner.end();
      const forwarded = decodeUtf8(joinBytes([...pushed, ...ending.forward]));
      expect(forwarded.includes("[DONE]")).toBe(ending.failure === null);
      expect(scanner.state.finishReasons.get(0) == null && ending.failure === null).toBe(false);
    }),
  );
});
