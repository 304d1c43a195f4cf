import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../behaviour/behaviour.ts";
import { MODEL, startSimulator } from "../../testing/start-simulator.ts";

const HELLO = { model: MODEL, messages: [{ role: "user", content: "Say hello." }] };
const TOOLS = [
  {
    type: "function",
    function: {
      name: "weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];

async function start(behaviour: Behaviour = {}) {
  const test = await startSimulator();
  test.behave(behaviour);
  const ask = (body: object) =>
    fetch(`${test.simulator.url}/v2/chat`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer co-test" },
      body: JSON.stringify(body),
    });
  return { ...test, ask };
}

interface ChatEvent {
  readonly type: string;
  readonly delta?: { readonly message?: { readonly content?: { readonly text?: string } } };
}

/** The events of a stream, each under its own name, and the mark after them. */
async function readEvents(response: Response): Promise<ChatEvent[]> {
  const blocks = (await response.text()).split("\n\n").filter((block) => block !== "");
  expect(blocks.pop()).toBe("data: [DONE]");
  return blocks.map((block) => {
    const [, name, data] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
    const event = JSON.parse(data ?? "") as ChatEvent;
    expect(event.type).toBe(name);
    return event;
  });
}

describe("chat", () => {
  it("bills what its answer reports, thoughts and cached tokens included", async () => {
    const { ask, settledEntries } = await start({ reasoningTokens: 30, cachedTokensShare: 0.5 });
    const answer = (await (await ask(HELLO)).json()) as {
      message: { content: { type: string }[] };
      usage: { billed_units: { input_tokens: number; output_tokens: number }; cached_tokens: number };
    };
    expect(answer).toMatchObject({ finish_reason: "COMPLETE", message: { role: "assistant" } });
    expect(answer.message.content.map(({ type }) => type)).toEqual(["thinking", "text"]);
    const { billed_units: billed, cached_tokens: cached } = answer.usage;
    const [entry] = await settledEntries();
    expect(entry).toMatchObject({
      endpoint: "chat",
      tokens: {
        input: billed.input_tokens - cached,
        cachedInput: cached,
        output: billed.output_tokens - 30,
        reasoning: 30,
      },
    });
  });

  it("streams pieces that add up to a text, and ends with usage", async () => {
    const { ask } = await start({ answerText: "Quiet harbours, 港." });
    const events = await readEvents(await ask({ ...HELLO, stream: true }));
    expect(events.map(({ delta }) => delta?.message?.content?.text ?? "").join("")).toBe("Quiet harbours, 港.");
    expect(events[0]).toMatchObject({ type: "message-start", id: expect.any(String) });
    expect(events.at(-1)).toMatchObject({
      type: "message-end",
      delta: { finish_reason: "COMPLETE", usage: { billed_units: { output_tokens: expect.any(Number) } } },
    });
  });

  it("calls a tool, with a plan before it, in fragments", async () => {
    const { ask } = await start();
    const asked = { ...HELLO, tools: TOOLS, tool_choice: "REQUIRED" };
    expect(await (await ask(asked)).json()).toMatchObject({
      finish_reason: "TOOL_CALL",
      message: { tool_plan: expect.any(String), tool_calls: [{ type: "function", function: { name: "weather" } }] },
    });
    const types = new Set((await readEvents(await ask({ ...asked, stream: true }))).map(({ type }) => type));
    expect([...types]).toEqual([
      "message-start",
      "tool-plan-delta",
      "tool-call-start",
      "tool-call-delta",
      "tool-call-end",
      "message-end",
    ]);
  });

  it("ends a stream with an error in its last event, without a mark after it", async () => {
    const { ask } = await start({ errorMidStream: 2 });
    const text = await (await ask({ ...HELLO, stream: true })).text();
    expect(text).toContain('"finish_reason":"ERROR","error":');
    expect(text).not.toContain("[DONE]");
  });

  it.each([
    [{ ...HELLO, n: 2 }, "n"],
    [{ ...HELLO, messages: [] }, "messages"],
    [{ ...HELLO, tool_choice: "REQUIRED" }, "tools"],
    [{ ...HELLO, frequency_penalty: -1 }, "frequency_penalty"],
    [{ ...HELLO, stop_sequences: ["1", "2", "3", "4", "5", "6"] }, "stop sequences"],
    [{ ...HELLO, tools: TOOLS, response_format: { type: "json_object" } }, "response_format"],
    [{ ...HELLO, messages: [{ role: "tool", tool_call_id: "x", content: "y" }] }, "tool call id"],
  ])("refuses %j", async (body, named) => {
    const { ask } = await start();
    const response = await ask(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ id: expect.any(String), message: expect.stringContaining(named) });
  });
});
