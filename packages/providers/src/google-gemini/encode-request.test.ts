import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFields } from "../testing/encode-fields.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { encodeGeminiRequest } from "./encode-request.ts";
import { googleGeminiManifest } from "./manifest.ts";

type Json = Record<string, unknown>;

const tools = [{ type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } }];

const { encode, accepted } = encodeFields((request) => encodeGeminiRequest(request, googleGeminiManifest), {
  model: "gemini-3-flash",
});

describe("parameters", () => {
  test.each<[Json, Json]>([
    [
      { max_tokens: 9, temperature: 1.5, top_p: 0.9, seed: 4 },
      { maxOutputTokens: 9, temperature: 1.5, topP: 0.9, seed: 4 },
    ],
    [{ stop: "END" }, { stopSequences: ["END"] }],
    [{ response_format: { type: "json_object" } }, { responseMimeType: "application/json" }],
    [
      { response_format: { type: "json_schema", json_schema: { schema: { type: "object" } } } },
      { responseMimeType: "application/json", responseJsonSchema: { type: "object" } },
    ],
    [{ reasoning_effort: "low" }, { thinkingConfig: { thinkingLevel: "LOW", includeThoughts: true } }],
  ])("%j are translated", (fields, generationConfig) => {
    expect(accepted(fields).body["generationConfig"]).toEqual(generationConfig);
  });

  test("effort is a budget for models that take one", () => {
    const config = (effort: string, model: string): unknown =>
      accepted({ reasoning_effort: effort }, { model }).body["generationConfig"];
    expect(config("medium", "gemini-2.5-pro")).toEqual({
      thinkingConfig: { thinkingBudget: 8_192, includeThoughts: true },
    });
    expect(config("none", "gemini-2.5-flash")).toEqual({ thinkingConfig: { thinkingBudget: 0 } });
    expect(accepted({ reasoning_effort: "high" }, { model: "gemini-2.0-flash" }).warnings).toHaveLength(1);
  });

  test.each([
    ["minimal", "gemini-3.1-flash-lite", "MINIMAL", 0],
    ["minimal", "gemini-3.7-flash", "LOW", 1],
    ["medium", "gemini-3.1-pro-preview", "MEDIUM", 0],
    ["medium", "gemini-3-pro-preview", "HIGH", 1],
  ])("effort %s is a level that %s takes", (effort, model, thinkingLevel, warnings) => {
    const encoded = accepted({ reasoning_effort: effort }, { model });
    expect(encoded.body["generationConfig"]).toEqual({ thinkingConfig: { thinkingLevel, includeThoughts: true } });
    expect(encoded.warnings).toHaveLength(warnings);
  });

  test.each<[unknown, Json | undefined]>([
    ["auto", undefined],
    ["none", { functionCallingConfig: { mode: "NONE" } }],
    ["required", { functionCallingConfig: { mode: "ANY" } }],
    [
      { type: "function", function: { name: "f" } },
      { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["f"] } },
    ],
  ])("tool_choice %j chooses the tool", (choice, toolConfig) => {
    const { body } = accepted({ tools, tool_choice: choice });
    expect(body["toolConfig"]).toEqual(toolConfig);
    expect(body["tools"]).toEqual([
      { functionDeclarations: [{ name: "f", description: "d", parametersJsonSchema: { type: "object" } }] },
    ]);
  });

  test.each<[Json, string]>([
    [{ n: 2, stream: true }, "n"],
    [{ top_logprobs: 2 }, "top_logprobs"],
    [{ logprobs: true, stop: ["1", "2", "3", "4", "5", "6"] }, "logprobs"],
    [{ parallel_tool_calls: false, tools }, "parallel_tool_calls"],
    [{ reasoning_effort: "none" }, "reasoning_effort"],
    [
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://example.org/a" } }] }] },
      "messages[0].content[0]",
    ],
    [{ messages: [{ role: "tool", tool_call_id: "x", content: "1" }] }, "messages[0].tool_call_id"],
  ])("%j are refused", (fields, param) => {
    expect(encode(fields)).toMatchObject({ ok: false, param });
  });

  test.each<[Json, Json]>([
    [{ n: 3 }, { candidateCount: 3 }],
    [{ n: 1, stream: true, logprobs: false, top_logprobs: 0 }, {}],
    [{ logprobs: true }, { responseLogprobs: true }],
    [
      { logprobs: true, top_logprobs: 4, stream: true },
      { responseLogprobs: true, logprobs: 4 },
    ],
  ])("%j is a setting of the generation", (fields, settings) => {
    expect(accepted(fields).body["generationConfig"] ?? {}).toEqual(settings);
  });

  test("hints and unknown fields are dropped with a warning", () => {
    const { warnings } = accepted({ user: "u", store: true, x_of_tomorrow: 1 });
    expect(warnings.map((line) => /param=(\w+); action=dropped/.exec(line)?.[1])).toEqual([
      "user",
      "store",
      "x_of_tomorrow",
    ]);
  });

  test("whatever a client sends gives a request or a refusal, never an exception", () => {
    const json = fc.jsonValue();
    const message = fc.record({
      role: fc.constantFrom("system", "user", "assistant", "tool", 7),
      content: fc.oneof(
        json,
        fc.array(
          fc.record({
            type: fc.constantFrom("text", "image_url", "file", "input_audio"),
            text: json,
            image_url: json,
            file: json,
            input_audio: json,
          }),
        ),
      ),
      tool_calls: fc.oneof(json, fc.array(fc.record({ id: json, function: json }))),
      reasoning_details: json,
    });
    const fields = fc.record({
      messages: fc.array(message),
      tools: json,
      tool_choice: json,
      stop: json,
      response_format: json,
      reasoning_effort: json,
    });
    fc.assert(
      fc.property(fields, (some) => {
        const encoding = encode(some as Json);
        expect(encoding.ok ? decodeUtf8(encoding.body) : encoding.message).not.toBe("");
      }),
    );
  });
});
