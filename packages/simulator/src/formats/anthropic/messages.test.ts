import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../behaviour/behaviour.ts";
import { MODEL, startSimulator, type TestSimulator } from "../../testing/start-simulator.ts";

const HELLO = { model: MODEL, max_tokens: 500, messages: [{ role: "user" as const, content: "Say hello." }] };
const TOOLS = [
  {
    name: "weather",
    input_schema: { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] },
  },
];

async function start(behaviour: Behaviour = {}): Promise<TestSimulator & { readonly anthropic: Anthropic }> {
  const test = await startSimulator();
  test.behave(behaviour);
  const anthropic = new Anthropic({ apiKey: "sk-ant-test", baseURL: test.simulator.url, maxRetries: 0 });
  return { ...test, anthropic };
}

describe("the official client", () => {
  it("reads a message whose usage is what the ledger bills", async () => {
    const { anthropic, settledEntries } = await start({ reasoningTokens: 30, cachedTokensShare: 0.5 });
    const message = await anthropic.messages.create(HELLO);
    expect(message.content.map(({ type }) => type)).toEqual(["thinking", "text"]);
    expect(message.stop_reason).toBe("end_turn");
    const [entry] = await settledEntries();
    expect(entry).toMatchObject({
      endpoint: "messages",
      tokens: {
        input: message.usage.input_tokens,
        cachedInput: message.usage.cache_read_input_tokens,
        output: message.usage.output_tokens - 30,
        reasoning: 30,
      },
    });
  });

  it("puts a stream together to the message that the same request gets whole", async () => {
    const { anthropic } = await start({ reasoningTokens: 7 });
    const { id: _, ...whole } = await anthropic.messages.create(HELLO);
    const { id: __, ...streamed } = await anthropic.messages.stream(HELLO).finalMessage();
    expect(streamed.content.at(-1)?.type).toBe("text");
    expect(streamed.stop_reason).toBe(whole.stop_reason);
    expect(streamed.usage.output_tokens).toBeGreaterThan(7);
  });

  it("gets tool calls, whole and in fragments", async () => {
    const { anthropic } = await start();
    const asked = { ...HELLO, tools: TOOLS, tool_choice: { type: "any" as const } };
    for (const message of [
      await anthropic.messages.create(asked),
      await anthropic.messages.stream(asked).finalMessage(),
    ]) {
      expect(message.stop_reason).toBe("tool_use");
      expect(message.content).toMatchObject([
        { type: "tool_use", name: "weather", input: { city: expect.any(String) } },
      ]);
    }
  });

  it.each<[Behaviour, string, number]>([
    [{ refusal: true }, "refusal", 0],
    [{ contentFilter: true }, "refusal", 1],
    [{ emptyAnswer: true }, "end_turn", 0],
    [{ outputTokens: 900 }, "max_tokens", 1],
  ])("sees how %o ends", async (behaviour, stopReason, blocks) => {
    const { anthropic } = await start(behaviour);
    const whole = await anthropic.messages.create(HELLO);
    const streamed = await anthropic.messages.stream(HELLO).finalMessage();
    for (const message of [whole, streamed]) {
      expect([message.stop_reason, message.content.length]).toEqual([stopReason, blocks]);
    }
  });

  it.each([
    [{ errorStatus: 401 }, "authentication_error"],
    [{ errorStatus: 429, retryAfter: "3" }, "rate_limit_error"],
    [{ errorStatus: 529 }, "overloaded_error"],
    [{ errorStatus: 500 }, "api_error"],
  ])("understands the error of %o", async (behaviour, type) => {
    const { anthropic } = await start(behaviour);
    await expect(anthropic.messages.create(HELLO)).rejects.toMatchObject({
      status: behaviour.errorStatus,
      error: { type: "error", error: { type } },
    });
  });

  it("sees an error that comes in mid-stream", async () => {
    const { anthropic, settledEntries } = await start({ errorMidStream: 4 });
    await expect(anthropic.messages.stream(HELLO).finalMessage()).rejects.toThrow(/api_error|Internal server error/);
    expect(await settledEntries()).toMatchObject([{ outcome: "errored" }]);
  });
});

const call = { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "weather", input: {} }] };

it.each<[object, string]>([
  [{ max_tokens: undefined }, "max_tokens: Field required"],
  [{ n: 2 }, "n: Extra inputs are not permitted"],
  [{ temperature: 1.5 }, "temperature: range: 0..1"],
  [{ tool_choice: { type: "auto" } }, "tool_choice may only be specified with tools"],
  [{ thinking: { type: "enabled", budget_tokens: 2_000 } }, "must be greater than"],
  [{ messages: [{ role: "system", content: "x" }] }, "Input should be 'user' or 'assistant'"],
  [{ messages: [{ role: "user", content: "" }] }, "must be non-empty"],
  [{ messages: [...HELLO.messages, call, { role: "user", content: "and?" }] }, "without `tool_result` blocks"],
  [{ messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "x" }] }] }, "unexpected `tool_use_id`"],
])("refuses %j as the API does", async (fields, complaint) => {
  const { post } = await start();
  const response = await post("/v1/messages", { ...HELLO, ...fields });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    type: "error",
    error: { type: "invalid_request_error", message: expect.stringContaining(complaint) },
  });
});

it("takes the key from the header that this API has for it", async () => {
  const { simulator } = await startSimulator({ apiKey: "sk-ant-right" });
  const ask = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(`${simulator.url}/v1/messages`, { method: "POST", headers, body: JSON.stringify(HELLO) })).status;
  expect(await ask({ "x-api-key": "sk-ant-right" })).toBe(200);
  expect(await ask({ authorization: "Bearer sk-ant-right" })).toBe(200);
  expect(await ask({ "x-api-key": "sk-ant-wrong" })).toBe(401);
});
