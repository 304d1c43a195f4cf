/** The official OpenAI client, through the gateway, to a server that answers as Gemini's API is documented to. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { APIError, type OpenAI } from "openai";
import { afterEach, beforeEach, expect, it } from "vitest";
import { collect, hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

interface Received {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

interface Scripted {
  readonly status?: number;
  readonly body: string;
}

let server: Server;
let rig: GatewayAndProviders;
let script: Scripted;
let received: Received[];

const usageMetadata = { promptTokenCount: 20, candidatesTokenCount: 6, thoughtsTokenCount: 4, totalTokenCount: 30 };
const ids = { responseId: "r1", modelVersion: "gemini-3-flash" };

function response(parts: readonly object[], finishReason?: string): object {
  return { candidates: [{ content: { role: "model", parts }, finishReason }], usageMetadata, ...ids };
}

function sse(...responses: readonly object[]): string {
  return responses.map((part) => `data: ${JSON.stringify(part)}\r\n\r\n`).join("");
}

beforeEach(async () => {
  received = [];
  server = createServer((request, reply) => {
    void readJson(request).then((body) => {
      const key = request.headers["x-goog-api-key"];
      received.push({ path: request.url ?? "", key: typeof key === "string" ? key : undefined, body });
      const type = request.url?.endsWith("alt=sse") === true ? "text/event-stream" : "application/json";
      reply.writeHead(script.status ?? 200, { "content-type": type }).end(script.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1beta`;
  const gemini = { kind: "google-gemini", providerModel: "gemini-3-flash", credential: "AIza-test", baseUrl };
  rig = await startGatewayAndProviders((urlOf) => [
    { name: "gemini", targets: [gemini] },
    { name: "chat", targets: [{ baseUrl: urlOf("openai") }], fallbacks: ["gemini"] },
  ]);
});

afterEach(async () => {
  await rig.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it("answers in OpenAI's form and settles what the provider counted", async () => {
  script = { body: JSON.stringify(response([{ text: "Hm.", thought: true }, { text: "Quiet." }], "STOP")) };
  const answer = await rig.client.chat.completions.create({ model: "gemini", messages: hello, max_tokens: 50 });
  expect(answer).toMatchObject({
    id: "r1",
    object: "chat.completion",
    model: "gemini-3-flash",
    choices: [{ finish_reason: "stop", message: { content: "Quiet.", reasoning_content: "Hm." } }],
    usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 },
  });
  expect(received).toMatchObject([
    {
      path: "/v1beta/models/gemini-3-flash:generateContent",
      key: "AIza-test",
      body: { contents: [{ role: "user", parts: [{ text: "hello" }] }] },
    },
  ]);
  expect(rig.gateway.settled).toMatchObject([
    { outcome: { verdict: "complete", usage: { input: 20, output: 6, reasoning: 4 } } },
  ]);
});

it("streams text and calls of tools, with usage at the end", async () => {
  const call = { functionCall: { name: "weather", args: { city: "Bergen" } } };
  script = { body: sse(response([{ text: "Loo" }]), response([{ text: "king." }]), response([call], "STOP")) };
  const asked = { model: "gemini", messages: hello, stream: true, stream_options: { include_usage: true } } as const;
  const chunks = await collect(await rig.client.chat.completions.create(asked));
  expect(received[0]?.path).toBe("/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse");
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("Looking.");
  const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  expect(pieces.map((piece) => piece.function?.arguments).join("")).toBe('{"city":"Bergen"}');
  expect(finishOf(chunks)).toBe("tool_calls");
  expect(chunks.at(-1)?.usage?.total_tokens).toBe(30);
});

it("does not take a stream without a finish for a whole one", async () => {
  script = { body: sse(response([{ text: "Loo" }])) };
  const stream = await rig.client.chat.completions.create({ model: "gemini", messages: hello, stream: true });
  await expect(collect(stream)).rejects.toThrow(APIError);
  expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: "truncated" } }]);
});

it.each([
  [{ body: JSON.stringify({ promptFeedback: { blockReason: "SAFETY" }, ...ids }) }, 400, "content_filter"],
  [{ body: JSON.stringify(response([], "MALFORMED_FUNCTION_CALL")) }, 502, "upstream_malformed_output"],
  [
    { status: 400, body: '{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}' },
    503,
    "provider_credential_rejected",
  ],
  [{ status: 429, body: '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}' }, 429, "upstream_rate_limited"],
])("%j becomes %i %s", async (scripted, status, code) => {
  script = scripted;
  const failure = await rig.client.chat.completions
    .create({ model: "gemini", messages: hello })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(APIError);
  expect(failure).toMatchObject({ status, code });
});

it("takes over from a provider of another protocol", async () => {
  rig.simulator.behaviours.set("openai", "*", { errorStatus: 503 });
  script = { body: JSON.stringify(response([{ text: "Quiet." }], "STOP")) };
  const answer = await rig.client.chat.completions.create({ model: "chat", messages: hello });
  expect(answer.choices[0]?.message.content).toBe("Quiet.");
});

function finishOf(chunks: readonly OpenAI.Chat.ChatCompletionChunk[]): string | undefined {
  return chunks.map(({ choices }) => choices[0]?.finish_reason).find((reason) => typeof reason === "string");
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
