import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { MODEL, startSimulator } from "../../testing/start-simulator.ts";

const HELLO = { model: MODEL, input: "Say hello." };
const TOOLS: OpenAI.Responses.Tool[] = [
  {
    type: "function",
    name: "weather",
    strict: true,
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];

describe("the official client", () => {
  it("reads a response whose usage is what the ledger bills", async () => {
    const { client, behave, settledEntries } = await startSimulator();
    behave({ reasoningTokens: 30, cachedTokensShare: 0.5 });
    const response = await client.responses.create(HELLO);
    expect(response.status).toBe("completed");
    expect(response.output_text).toBeTruthy();
    expect(response.output.map(({ type }) => type)).toEqual(["reasoning", "message"]);
    const [entry] = await settledEntries();
    const { input = 0, cachedInput = 0, output = 0, reasoning = 0 } = entry?.tokens ?? {};
    expect(entry?.endpoint).toBe("responses");
    expect(response.usage).toMatchObject({
      input_tokens: input + cachedInput,
      input_tokens_details: { cached_tokens: cachedInput },
      output_tokens: output + reasoning,
      output_tokens_details: { reasoning_tokens: 30 },
    });
  });

  it("puts a stream together, numbered without a gap", async () => {
    const { client, behave } = await startSimulator();
    behave({ answerText: "Harbours are quiet." });
    const stream = client.responses.stream(HELLO);
    const numbers: number[] = [];
    for await (const event of stream) numbers.push(event.sequence_number);
    expect(numbers).toEqual([...numbers.keys()]);
    expect((await stream.finalResponse()).output_text).toBe("Harbours are quiet.");
  });

  it("gets tool calls, whole and in fragments, and gives their results back", async () => {
    const { client } = await startSimulator();
    const asked = { ...HELLO, tools: TOOLS, tool_choice: "required" as const };
    for (const response of [
      await client.responses.create(asked),
      await client.responses.stream(asked).finalResponse(),
    ]) {
      const [call] = response.output;
      if (call?.type !== "function_call") throw new Error("no function was called");
      expect(JSON.parse(call.arguments)).toMatchObject({ city: expect.any(String) });
      const answer = await client.responses.create({
        model: MODEL,
        tools: TOOLS,
        input: [
          { role: "user", content: "Hi" },
          { type: "function_call", call_id: call.call_id, name: call.name, arguments: call.arguments },
          { type: "function_call_output", call_id: call.call_id, output: "12 °C" },
        ],
      });
      expect(answer.output_text).toBeTruthy();
    }
  });

  it("is told of a cut by length, of a filter and of a refusal", async () => {
    const { client, behave } = await startSimulator();
    behave({ outputTokens: 60 });
    expect(await client.responses.create({ ...HELLO, max_output_tokens: 16 })).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    behave({ contentFilter: true });
    expect(await client.responses.create(HELLO)).toMatchObject({ incomplete_details: { reason: "content_filter" } });
    behave({ refusal: true });
    expect(await client.responses.create(HELLO)).toMatchObject({ output: [{ content: [{ type: "refusal" }] }] });
  });

  it("is refused what the API refuses", async () => {
    const { client } = await startSimulator();
    const orphan = { type: "function_call_output" as const, call_id: "call_1", output: "x" };
    await expect(client.responses.create({ model: MODEL, input: [orphan] })).rejects.toThrow("No tool call found");
    await expect(client.responses.create({ ...HELLO, max_output_tokens: 1 })).rejects.toThrow("at least 16");
  });

  it("raises an error in mid-stream", async () => {
    const { client, behave } = await startSimulator();
    behave({ errorMidStream: 4, outputTokens: 40 });
    const read = async (): Promise<void> => {
      for await (const event of await client.responses.create({ ...HELLO, stream: true })) void event;
    };
    await expect(read()).rejects.toThrow("The server had an error");
  });
});
