import { describe, expect, it } from "vitest";
import type { Answer } from "../exchange.ts";
import { anthropicFamily } from "./anthropic/family.ts";
import { bedrockFamily } from "./aws-bedrock/family.ts";
import { readFrames } from "./aws-bedrock/read-frames.ts";
import { cohereFamily } from "./cohere/family.ts";
import { compareOutlines, compareTranslation } from "./compare-meanings.ts";
import { googleFamily } from "./google/family.ts";

const json = (body: unknown, status = 200): Answer => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(body),
});
const events = (...data: readonly unknown[]): Answer => ({
  status: 200,
  contentType: "text/event-stream",
  body: data.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""),
});

const message = {
  content: [
    { type: "thinking", thinking: "Where is it?", signature: "c2ln" },
    { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Lisbon", days: 3 } },
  ],
  stop_reason: "tool_use",
  usage: { input_tokens: 10, cache_read_input_tokens: 90, cache_creation_input_tokens: 5, output_tokens: 20 },
};
const completion = (changes: { arguments?: string; finish?: string; prompt?: number; reasoning?: string } = {}) => {
  const called = { name: "get_weather", arguments: changes.arguments ?? '{"days":3,"city":"Lisbon"}' };
  const calls = [{ id: "toolu_1", type: "function", function: called }];
  return json({
    choices: [
      {
        message: { content: null, reasoning_content: changes.reasoning ?? "Where is it?", tool_calls: calls },
        finish_reason: changes.finish ?? "tool_calls",
      },
    ],
    usage: {
      prompt_tokens: changes.prompt ?? 105,
      prompt_tokens_details: { cached_tokens: 90 },
      completion_tokens: 20,
    },
  });
};

describe("an answer in translation", () => {
  it("is equivalent where every meaning came over, in whatever order", () => {
    expect(compareTranslation(anthropicFamily, completion(), json(message))).toEqual({
      verdict: "equivalent",
      differences: [],
    });
  });

  it.each([
    ["/toolCalls/0/arguments/city", { arguments: '{"days":3}' }],
    ["/finish", { finish: "stop" }],
    ["/usage/input", { prompt: 10 }],
    ["/reasoning", { reasoning: "" }],
  ])("is different at %s where that was lost", (pointer, changes) => {
    const { verdict, differences } = compareTranslation(anthropicFamily, completion(changes), json(message));
    expect(verdict).toBe("different");
    expect(differences.map((difference) => difference.pointer)).toEqual([pointer]);
  });

  it("is no evidence where the gateway did not ask", () => {
    expect(compareTranslation(anthropicFamily, completion(), null).verdict).toBe("unobserved");
  });

  it("is different where one was served and the other refused", () => {
    const { differences } = compareOutlines(anthropicFamily, [], json({ error: {} }, 400), json(message));
    expect(differences[0]).toMatchObject({ pointer: "status", ours: "400", theirs: "200", reason: null });
  });

  it("may be another one only in what a model decides", () => {
    const refused = { ...message, content: [], stop_reason: "refusal" };
    const outline = (varies: readonly string[]) =>
      compareOutlines(anthropicFamily, varies, completion(), json(refused)).verdict;
    expect(outline([])).toBe("different");
    expect(outline(["/toolCalls", "/finish", "/reasoning"])).toBe("equivalent");
  });
});

describe("native streams", () => {
  it("of Anthropic join their fragments by block, and the last report of usage counts", () => {
    const { toolCalls, finish, usage } = anthropicFamily.readAnswer(
      events(
        { type: "message_start", message: { usage: { input_tokens: 7, output_tokens: 1 } } },
        { type: "content_block_start", index: 1, content_block: { type: "tool_use", id: "a", name: "f", input: {} } },
        { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"x":' } },
        { type: "ping" },
        { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "1}" } },
        { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 12 } },
        { type: "message_stop" },
      ),
    );
    expect(toolCalls).toEqual([{ id: "a", name: "f", arguments: { x: 1 } }]);
    expect({ finish, usage }).toEqual({ finish: "tool_calls", usage: { input: 7, cachedInput: 0, output: 12 } });
  });

  it("of Gemini keep thoughts apart and end a call as a call", () => {
    const part = (parts: readonly object[], more: object = {}) => ({ candidates: [{ content: { parts }, ...more }] });
    const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 4, thoughtsTokenCount: 6 };
    const { text, reasoning, finish, usage } = googleFamily.readAnswer(
      events(part([{ text: "Hm.", thought: true }]), part([{ text: "Yes" }, { functionCall: { name: "f" } }]), {
        ...part([{ text: "" }], { finishReason: "STOP" }),
        usageMetadata,
      }),
    );
    expect({ text, reasoning, finish }).toEqual({ text: "Yes", reasoning: "Hm.", finish: "tool_calls" });
    expect(usage).toEqual({ input: 9, cachedInput: 0, output: 10 });
  });

  it("of Cohere take a plan for reasoning, and count what is billed", () => {
    const { reasoning, toolCalls, usage } = cohereFamily.readAnswer(
      events(
        { type: "tool-plan-delta", delta: { message: { tool_plan: "I will look." } } },
        {
          type: "tool-call-start",
          index: 0,
          delta: { message: { tool_calls: { id: "c", function: { name: "f", arguments: "" } } } },
        },
        { type: "tool-call-delta", index: 0, delta: { message: { tool_calls: { function: { arguments: "null" } } } } },
        {
          type: "message-end",
          delta: {
            finish_reason: "TOOL_CALL",
            usage: { billed_units: { input_tokens: 3, output_tokens: 2 }, tokens: { input_tokens: 300 } },
          },
        },
      ),
    );
    expect({ reasoning, toolCalls }).toEqual({
      reasoning: "I will look.",
      toolCalls: [{ id: "c", name: "f", arguments: {} }],
    });
    expect(usage).toEqual({ input: 3, cachedInput: 0, output: 2 });
  });

  it("of Bedrock that break off within a frame have not ended", () => {
    // A frame as botocore's tests of event streams have it: no headers, and the payload {'foo':'bar'}.
    const frame = Uint8Array.from(
      "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936".match(/../g) ?? [],
      (byte) => Number.parseInt(byte, 16),
    );
    const characters = String.fromCharCode(...frame);
    expect(readFrames(characters + characters.slice(0, 20))).toEqual([{ type: "", payload: "{'foo':'bar'}" }]);
    const contentType = "application/vnd.amazon.eventstream";
    expect(bedrockFamily.readAnswer({ status: 200, contentType, body: characters.slice(0, 20) }).finish).toBeNull();
  });
});
