import { EventStreamCodec } from "@smithy/eventstream-codec";
import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../behaviour/behaviour.ts";
import { MODEL, startSimulator } from "../../testing/start-simulator.ts";

const HELLO = { messages: [{ role: "user", content: [{ text: "Say hello." }] }] };
const toolConfig = {
  tools: [
    {
      toolSpec: {
        name: "weather",
        inputSchema: { json: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
      },
    },
  ],
  toolChoice: { any: {} },
};

async function start(behaviour: Behaviour = {}) {
  const test = await startSimulator();
  test.behave(behaviour);
  const ask = (operation: string, body: object, headers: Record<string, string> = { authorization: "Bearer key" }) =>
    test.post(`/model/${MODEL}/${operation}`, body, { headers });
  return { ...test, ask };
}

const text = new TextDecoder();
const codec = new EventStreamCodec(
  (bytes) => text.decode(bytes),
  (written) => new TextEncoder().encode(written),
);

interface Frame {
  readonly type: unknown;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The frames of a stream as AWS's own reader understands them: it checks both checksums. */
async function readFrames(response: Response): Promise<Frame[]> {
  let bytes = new Uint8Array(await response.arrayBuffer());
  const frames: Frame[] = [];
  while (bytes.length > 0) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const { headers, body } = codec.decode(bytes.slice(0, length));
    const type = (headers[":event-type"] ?? headers[":exception-type"])?.value;
    frames.push({ type, payload: JSON.parse(text.decode(body)) as Frame["payload"] });
    bytes = bytes.slice(length);
  }
  return frames;
}

describe("Converse", () => {
  it("bills what its answer reports, what came from the cache apart", async () => {
    const { ask, settledEntries } = await start({ reasoningTokens: 30, cachedTokensShare: 0.5 });
    const answer = (await (await ask("converse", HELLO)).json()) as { usage: Record<string, number> };
    expect(answer).toMatchObject({ stopReason: "end_turn", output: { message: { role: "assistant" } } });
    const { inputTokens, outputTokens = 0, cacheReadInputTokens, totalTokens } = answer.usage;
    const [entry] = await settledEntries();
    expect(entry).toMatchObject({
      endpoint: "converse",
      tokens: { input: inputTokens, cachedInput: cacheReadInputTokens, output: outputTokens - 30, reasoning: 30 },
    });
    expect(totalTokens).toBe((inputTokens ?? 0) + (cacheReadInputTokens ?? 0) + outputTokens);
  });

  it("streams frames that AWS's reader accepts, and ends with usage", async () => {
    const { ask } = await start({ answerText: "Quiet harbours, 港." });
    const response = await ask("converse-stream", HELLO);
    expect(response.headers.get("content-type")).toBe("application/vnd.amazon.eventstream");
    const frames = await readFrames(response);
    const pieces = frames.map(({ payload }) => (payload["delta"] as { text?: string } | undefined)?.text ?? "");
    expect(pieces.join("")).toBe("Quiet harbours, 港.");
    expect(frames.at(-2)).toMatchObject({ type: "messageStop", payload: { stopReason: "end_turn" } });
    expect(frames.at(-1)).toMatchObject({ type: "metadata", payload: { usage: { outputTokens: expect.any(Number) } } });
  });

  it("calls a tool in fragments", async () => {
    const { ask } = await start();
    const frames = await readFrames(await ask("converse-stream", { ...HELLO, toolConfig }));
    expect(frames[1]).toMatchObject({
      type: "contentBlockStart",
      payload: { start: { toolUse: { name: "weather", toolUseId: expect.stringMatching(/^tooluse_/) } } },
    });
    const pieces = frames.map(({ payload }) => (payload["delta"] as { toolUse?: { input: string } })?.toolUse?.input);
    expect(JSON.parse(pieces.join(""))).toMatchObject({ city: expect.any(String) });
  });

  it("fails in the stream with a frame of its own kind", async () => {
    const { ask } = await start({ errorMidStream: 2 });
    const frames = await readFrames(await ask("converse-stream", HELLO));
    expect(frames.at(-1)).toMatchObject({ type: "internalServerException", payload: { message: expect.any(String) } });
  });

  it("names its failures in a header", async () => {
    const { ask } = await start({ errorStatus: 429 });
    const response = await ask("converse", HELLO);
    expect(response.headers.get("x-amzn-errortype")).toBe("ThrottlingException");
    expect(await response.json()).toEqual({ message: expect.any(String) });
  });

  it("lets a guardrail speak for the model", async () => {
    const { ask } = await start({ refusal: true });
    expect(await (await ask("converse", HELLO)).json()).toMatchObject({
      stopReason: "guardrail_intervened",
      output: { message: { content: [{ text: expect.any(String) }] } },
    });
  });

  const toolTurn = { role: "assistant", content: [{ toolUse: { toolUseId: "t1", name: "weather", input: {} } }] };
  it.each([
    [{ messages: [] }, "start with a user message"],
    [{ ...HELLO, top_k: 3 }, "top_k"],
    [{ messages: [...HELLO.messages, ...HELLO.messages] }, "alternate"],
    [{ messages: [{ role: "user", content: [{ text: " " }] }] }, "blank"],
    [{ messages: [...HELLO.messages, toolTurn] }, "toolConfig"],
    [{ toolConfig, messages: [...HELLO.messages, toolTurn, ...HELLO.messages] }, "toolResult"],
    [{ ...HELLO, inferenceConfig: { maxTokens: 0 } }, "maxTokens"],
  ])("refuses %j", async (body, named) => {
    const { ask } = await start();
    const response = await ask("converse", body);
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toBe("ValidationException");
    expect(await response.json()).toEqual({ message: expect.stringContaining(named) });
  });

  it("wants a bearer or all parts of a signature", async () => {
    const { ask } = await start();
    const signature = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/eu-west-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"ab".repeat(32)}`;
    const statusOf = async (headers: Record<string, string>) => (await ask("converse", HELLO, headers)).status;
    expect(await statusOf({ authorization: signature, "x-amz-date": "20261120T101500Z" })).toBe(200);
    expect(await statusOf({ authorization: signature, "x-amz-date": "20261121T101500Z" })).toBe(403);
    expect(await statusOf({ authorization: signature })).toBe(403);
    expect(await statusOf({})).toBe(403);
  });
});
