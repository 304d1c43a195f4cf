import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRequest } from "../testing/read-request.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { readChatFacts, readEmbeddingsFacts } from "./request-facts.ts";

function chatFacts(fields: unknown) {
  const { parsed, members } = readRequest(JSON.stringify(fields));
  return readChatFacts(parsed, members);
}

const messages = [{ role: "user", content: "Hello there, gateway" }];
const sound = { model: "fast", messages };

describe("readChatFacts", () => {
  test("fills in what a small request leaves out", () => {
    expect(chatFacts(sound)).toEqual({
      ok: true,
      facts: {
        model: "fast",
        stream: false,
        includeUsage: false,
        outputTokensAsked: null,
        answers: 1,
        hasTools: false,
        hasImages: false,
        wantsJsonSchema: false,
        user: null,
        serviceTier: null,
        inputTokensAtMost: JSON.stringify(sound).length + 256,
        inputTokensAtLeast: 2,
      },
    });
  });

  test.each<[object, number | null]>([
    [{ max_tokens: 1_000, thinking_budget: 4_000 }, 5_000],
    [{ max_tokens: 1_000, thinking_budget: "4000" }, 1_000],
    [{ max_tokens: 1_000, thinking_budget: -1 }, 1_000],
    [{ thinking_budget: 4_000 }, null],
  ])("counts thoughts that are limited beside the answer: %j", (fields, outputTokensAsked) => {
    expect(chatFacts({ ...sound, ...fields })).toMatchObject({ ok: true, facts: { outputTokensAsked } });
  });

  test.each<[object, object]>([
    [
      { stream: true, stream_options: { include_usage: true } },
      { stream: true, includeUsage: true },
    ],
    [{ max_tokens: 7 }, { outputTokensAsked: 7 }],
    [{ max_completion_tokens: 8 }, { outputTokensAsked: 8 }],
    [{ max_tokens: 7, max_completion_tokens: 7 }, { outputTokensAsked: 7 }],
    [{ n: 3 }, { answers: 3 }],
    [{ tools: [{}] }, { hasTools: true }],
    [{ tools: [] }, { hasTools: false }],
    [{ functions: [{}] }, { hasTools: true }],
    [{ response_format: { type: "json_schema" } }, { wantsJsonSchema: true }],
    [{ response_format: { type: "json_object" } }, { wantsJsonSchema: false }],
    [
      { user: "u-1", service_tier: "flex" },
      { user: "u-1", serviceTier: "flex" },
    ],
    [
      { stream: null, stream_options: null, max_tokens: null, n: null, tools: null, response_format: null, user: null },
      { stream: false, includeUsage: false, outputTokensAsked: null, answers: 1, hasTools: false, user: null },
    ],
    [{ temperature: "hot", anything: [1], metadata: 5 }, { model: "fast" }],
    [
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x.example/a.png" } }] }] },
      { hasImages: true },
    ],
    [{ messages: [{ role: "assistant", content: null, tool_calls: [] }, { role: "tool" }] }, { inputTokensAtLeast: 0 }],
  ])("reads %j", (fields, expected) => {
    expect(chatFacts({ ...sound, ...fields })).toMatchObject({ ok: true, facts: expected });
  });

  test.each<[object, string, string]>([
    [{ model: undefined }, "model", "'model' is required and must be a non-empty string."],
    [{ model: "" }, "model", "'model' is required and must be a non-empty string."],
    [{ model: 5 }, "model", "'model' must be a string, but is the number 5."],
    [{ messages: undefined }, "messages", "'messages' must be a non-empty array."],
    [{ messages: [] }, "messages", "'messages' must be a non-empty array."],
    [{ messages: "hi" }, "messages", "'messages' must be an array, but is a string."],
    [{ messages: ["hi"] }, "messages[0]", "'messages[0]' must be an object."],
    [
      { messages: [messages[0], { content: "x" }] },
      "messages[1].role",
      "'messages[1].role' is required and must be a string.",
    ],
    [
      { messages: [{ role: "user", content: 5 }] },
      "messages[0].content",
      "'messages[0].content' must be a string or an array of parts.",
    ],
    [
      { messages: [{ role: "user", content: ["x"] }] },
      "messages[0].content[0]",
      "'messages[0].content[0]' must be an object.",
    ],
    [{ stream: "true" }, "stream", "'stream' must be a boolean, but is a string."],
    [{ stream: 1 }, "stream", "'stream' must be a boolean, but is the number 1."],
    [{ stream_options: true }, "stream_options", "'stream_options' must be an object, but is a boolean."],
    [
      { stream_options: { include_usage: "yes" } },
      "stream_options.include_usage",
      "'stream_options.include_usage' must be a boolean, but is a string.",
    ],
    [{ max_tokens: 0 }, "max_tokens", "'max_tokens' must be a whole number from 1 to 1000000000, but is the number 0."],
    [
      { max_tokens: -1 },
      "max_tokens",
      "'max_tokens' must be a whole number from 1 to 1000000000, but is the number -1.",
    ],
    [
      { max_tokens: 1.5 },
      "max_tokens",
      "'max_tokens' must be a whole number from 1 to 1000000000, but is the number 1.5.",
    ],
    [
      { max_completion_tokens: "10" },
      "max_completion_tokens",
      "'max_completion_tokens' must be a whole number from 1 to 1000000000, but is a string.",
    ],
    [
      { max_tokens: 5, max_completion_tokens: 6 },
      "max_tokens",
      "'max_tokens' and 'max_completion_tokens' must not differ; send one of them.",
    ],
    [{ n: 0 }, "n", "'n' must be a whole number from 1 to 128, but is the number 0."],
    [{ n: 129 }, "n", "'n' must be a whole number from 1 to 128, but is the number 129."],
    [{ n: [1] }, "n", "'n' must be a whole number from 1 to 128, but is an array."],
    [{ tools: {} }, "tools", "'tools' must be an array, but is an object."],
    [{ response_format: [] }, "response_format", "'response_format' must be an object, but is an array."],
    [{ user: {} }, "user", "'user' must be a string, but is an object."],
    [{ service_tier: 1 }, "service_tier", "'service_tier' must be a string, but is the number 1."],
  ])("refuses %j", (fields, param, message) => {
    expect(chatFacts({ ...sound, ...fields })).toEqual({ ok: false, param, message });
  });

  test("counts an image by its bound, not by its data, and files as unbounded", () => {
    const picture = (url: string): object => ({
      ...sound,
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
    });
    const atMost = (fields: unknown): number => {
      const reading = chatFacts(fields);
      return reading.ok ? reading.facts.inputTokensAtMost : 0;
    };
    const small = atMost(picture("data:image/png;base64,AA"));
    expect(atMost(picture(`data:image/png;base64,${"A".repeat(100_000)}`))).toBe(small);
    expect(small).toBeGreaterThan(50_000);
    expect(small).toBeLessThan(51_000);
    // Text that only claims to be an image still counts.
    expect(atMost(picture("x".repeat(100_000)))).toBeGreaterThan(150_000);
    expect(
      atMost({ ...sound, messages: [{ role: "user", content: [{ type: "file", file: { file_id: "f" } }] }] }),
    ).toBe(1_000_000_000);
  });

  test("bounds what any byte-level tokenizer can make of the text, and stays below what one does make of it", () => {
    const content = fc.string({ unit: "grapheme", maxLength: 300 });
    const request = fc.record({
      model: fc.constant("fast"),
      messages: fc.array(fc.record({ role: fc.constant("user"), content }), { minLength: 1, maxLength: 5 }),
      tools: fc.array(fc.record({ function: fc.record({ description: content }) }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(request, fc.constantFrom(undefined, 2), (fields, indent) => {
        const { parsed, members } = readRequest(JSON.stringify(fields, null, indent));
        const reading = readChatFacts(parsed, members);
        const texts = [
          ...fields.messages.map((message) => message.content),
          ...fields.tools.map((tool) => tool.function.description),
        ];
        const bytes = texts.reduce((total, each) => total + encodeUtf8(each).length, 0);
        const perMessage = 8 * (fields.messages.length + fields.tools.length);
        expect(reading.ok && reading.facts.inputTokensAtMost).toBeGreaterThanOrEqual(bytes + perMessage);
        expect(reading.ok && reading.facts.inputTokensAtLeast).toBeLessThanOrEqual(bytes / 8);
      }),
    );
  });

  test("never throws, whatever the fields are", () => {
    const names = [
      "model",
      "messages",
      "stream",
      "stream_options",
      "max_tokens",
      "n",
      "tools",
      "user",
      "__proto__",
      "constructor",
    ];
    const fields = fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(fields, (generated) => {
        const { parsed, members } = readRequest(JSON.stringify(generated));
        expect(typeof readChatFacts(parsed, members).ok).toBe("boolean");
        expect(typeof readEmbeddingsFacts(parsed, members.end - members.start).ok).toBe("boolean");
      }),
    );
  });
});
