import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { countTokens } from "../../text/count-tokens.ts";
import { HELLO, startSimulator, type TestSimulator } from "../../testing/start-simulator.ts";

type Chunk = OpenAI.ChatCompletionChunk;

const STREAM = { ...HELLO, stream: true as const };
const WITH_USAGE = { ...STREAM, stream_options: { include_usage: true } };

/** The events of a raw stream, `[DONE]` included. */
async function readEvents({ post }: TestSimulator, body: object): Promise<(Chunk | "[DONE]")[]> {
  const response = await post("/v1/chat/completions", body);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const events = (await response.text()).split("\n\n");
  expect(events.pop()).toBe("");
  return events.map((event) => {
    expect(event).toMatch(/^data: /);
    const data = event.slice("data: ".length);
    return data === "[DONE]" ? data : (JSON.parse(data) as Chunk);
  });
}

describe("streamed chat completions", () => {
  it("sends role, contents, finish, usage and [DONE], in this order", async () => {
    const simulator = await startSimulator();
    simulator.behave({ outputTokens: 7, chunkTokens: 2, reasoningTokens: 3 });
    const events = await readEvents(simulator, WITH_USAGE);
    expect(events).toHaveLength(1 + 4 + 1 + 1 + 1);
    expect(events.at(-1)).toBe("[DONE]");
    const chunks = events.slice(0, -1) as Chunk[];
    const [usageChunk] = chunks.splice(-1);
    expect(chunks[0]?.choices).toEqual([
      { index: 0, delta: { role: "assistant", content: "", refusal: null }, logprobs: null, finish_reason: null },
    ]);
    expect(chunks.at(-1)?.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: "stop" }]);
    const contents = chunks.slice(1, -1).map(({ choices }) => choices[0]?.delta.content ?? "");
    expect(contents.map(countTokens)).toEqual([2, 2, 2, 1]);
    for (const chunk of chunks) expect(chunk).toMatchObject({ usage: null, object: "chat.completion.chunk" });
    expect(usageChunk).toMatchObject({
      choices: [],
      usage: { completion_tokens: 10, completion_tokens_details: { reasoning_tokens: 3 } },
    });
    expect(new Set([...chunks, usageChunk].map((chunk) => chunk?.id)).size).toBe(1);
  });

  it("says nothing of usage unless it is asked", async () => {
    const simulator = await startSimulator();
    const chunks = (await readEvents(simulator, STREAM)).slice(0, -1) as Chunk[];
    for (const chunk of chunks) expect(chunk).not.toHaveProperty("usage");
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
  });

  it("keeps usage to itself in usage mode none, though it bills", async () => {
    const simulator = await startSimulator();
    simulator.behave({ usageMode: "none", outputTokens: 5 });
    const events = await readEvents(simulator, WITH_USAGE);
    expect(JSON.stringify(events)).not.toContain("usage");
    expect(await simulator.settledEntries()).toMatchObject([{ outcome: "complete", tokens: { input: 13, output: 5 } }]);
  });

  it("is understood by the official client's stream helper", async () => {
    const { client, behave } = await startSimulator();
    behave({ outputTokens: 200 });
    const completion = await client.chat.completions.stream(WITH_USAGE).finalChatCompletion();
    expect(countTokens(completion.choices[0]?.message.content ?? "")).toBe(200);
    expect(completion).toMatchObject({ choices: [{ finish_reason: "stop" }], usage: { completion_tokens: 200 } });
  });

  it("streams several choices in turn", async () => {
    const simulator = await startSimulator();
    simulator.behave({ outputTokens: { min: 2, max: 6 } });
    const chunks = (await readEvents(simulator, { ...WITH_USAGE, n: 3 })).slice(0, -2) as Chunk[];
    const indexes = chunks.map(({ choices }) => choices[0]?.index);
    expect(indexes.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(indexes.slice(-3)).toEqual([0, 1, 2]);
    const completion = await simulator.client.chat.completions.stream({ ...WITH_USAGE, n: 3 }).finalChatCompletion();
    const tokens = completion.choices.map(({ message }) => countTokens(message.content ?? ""));
    expect(tokens.reduce((sum, count) => sum + count)).toBe(completion.usage?.completion_tokens);
  });

  it("streams a tool call: its name first, then its arguments in fragments", async () => {
    const { client } = await startSimulator();
    const tools: OpenAI.ChatCompletionTool[] = [
      {
        type: "function",
        function: {
          name: "find",
          parameters: { type: "object", properties: { text: { type: "string", minLength: 60 } }, required: ["text"] },
        },
      },
    ];
    const stream = client.chat.completions.stream({ ...STREAM, tools, tool_choice: "required" });
    const fragments: string[] = [];
    stream.on("tool_calls.function.arguments.delta", ({ arguments_delta }) => fragments.push(arguments_delta));
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: "function", function: { name: "find", arguments: fragments.join("") } });
    expect(fragments.length).toBeGreaterThan(3);
    expect(JSON.parse(fragments.join(""))).toEqual({ text: expect.any(String) });
  });

  it("stops at the limit with finish reason length", async () => {
    const { client, behave } = await startSimulator();
    behave({ outputTokens: 50 });
    const completion = await client.chat.completions.stream({ ...WITH_USAGE, max_tokens: 5 }).finalChatCompletion();
    expect(completion).toMatchObject({ choices: [{ finish_reason: "length" }], usage: { completion_tokens: 5 } });
  });
});
