import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startInProcessGateway, type InProcessGateway } from "./harness/in-process-gateway.ts";
import { createPolicy, type PolicyFixture } from "./harness/policy-fixture.ts";

const mebibyte = 1024 * 1024;
const totalBytes = 48 * mebibyte;
const event = `data: {"choices":[{"index":0,"delta":{"content":"${"x".repeat(4_000)}"}}]}\n\n`;
const ending =
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}\n\ndata: [DONE]\n\n';

let provider: Server;
let gateway: InProcessGateway;
let policy: PolicyFixture;
let writtenBytes = 0;

beforeEach(async () => {
  writtenBytes = 0;
  provider = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    Readable.from(answerPieces(), { highWaterMark: 1 }).pipe(response);
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  policy = createPolicy({ routes: [{ name: "chat", targets: [{ baseUrl }] }] });
  gateway = await startInProcessGateway(policy);
});

afterEach(async () => {
  await gateway.close();
  provider.closeAllConnections();
  provider.close();
});

function* answerPieces(): Generator<string> {
  for (writtenBytes = 0; writtenBytes < totalBytes; writtenBytes += event.length) yield event;
  yield ending;
}

it("holds the provider back while the client does not read, and loses nothing", async () => {
  const answer = await open();
  answer.pause();
  await untilQuiet(() => writtenBytes);
  // What the gateway may hold, and the kernel's socket buffers on both sides, which tune themselves to a few MiB each.
  expect(writtenBytes).toBeLessThan(totalBytes / 2);
  let receivedBytes = 0;
  let tail = "";
  for await (const chunk of answer) {
    receivedBytes += chunk.length;
    tail = (tail + String(chunk)).slice(-14);
  }
  expect(receivedBytes).toBeGreaterThanOrEqual(writtenBytes);
  expect(tail).toBe("data: [DONE]\n\n");
  expect(gateway.settled).toMatchObject([{ outcome: { verdict: "complete", usageSource: "provider_final" } }]);
});

it("is told when a paused client leaves", async () => {
  const answer = await open();
  answer.pause();
  await untilQuiet(() => writtenBytes);
  answer.destroy();
  while (gateway.finished.length === 0) await delay(10);
  expect(gateway.settled).toMatchObject([{ outcome: { verdict: "cancelled" } }]);
});

async function open(): Promise<IncomingMessage> {
  const request = httpRequest(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${policy.keys["key"]}`, "content-type": "application/json" },
  });
  request.end(JSON.stringify({ model: "chat", stream: true, messages: [{ role: "user", content: "go" }] }));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

/** Waits until a figure has not changed for ten looks in a row. */
async function untilQuiet(read: () => number): Promise<void> {
  let last = -1;
  for (let unchanged = 0; unchanged < 10;) {
    await delay(30);
    unchanged = read() === last ? unchanged + 1 : 0;
    last = read();
  }
}
