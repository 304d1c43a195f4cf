import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI, { toFile } from "openai";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collect, hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";
import { startInProcessGateway } from "./harness/in-process-gateway.ts";
import { InMemoryClaims } from "./harness/in-memory-claims.ts";

let rig: GatewayAndProviders;
let claims: InMemoryClaims;

beforeEach(async () => {
  claims = new InMemoryClaims();
  rig = await startGatewayAndProviders(
    (urlOf) => [
      { name: "chat", targets: [{ baseUrl: urlOf("any"), providerModel: "sim", abortBilling: "stops" }] },
      { name: "vectors", operations: ["embeddings"], targets: [{ baseUrl: urlOf("any"), providerModel: "embed" }] },
      { name: "ears", operations: ["transcriptions"], targets: [{ baseUrl: urlOf("any"), providerModel: "whisper" }] },
      { name: "voice", operations: ["speech"], targets: [{ baseUrl: urlOf("any"), providerModel: "tts" }] },
    ],
    {
      keys: [{ name: "key" }, { name: "colleague" }, { name: "discreet", projectId: "prj_2", zeroRetention: true }],
      claims,
    },
  );
});

afterEach(() => rig.close());

const dispatched = (): number => rig.gateway.held.length;

async function ask(key: string, options: { body?: object; path?: string; as?: string; url?: string } = {}) {
  const path = options.path ?? "/v1/chat/completions";
  const response = await fetch(`${options.url ?? rig.gateway.url}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${rig.policy.keys[options.as ?? "key"]}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify({ model: "chat", messages: hello, ...options.body }),
  });
  const text = await response.text();
  const code = response.status === 200 ? null : (JSON.parse(text) as { error: { code: string } }).error.code;
  return { status: response.status, text, code, headers: response.headers };
}

describe("a call that carries an Idempotency-Key", () => {
  it.each([
    ["whole", {}],
    ["streamed", { stream: true, stream_options: { include_usage: true } }],
  ])("is served and billed once, and its %s answer told again byte for byte", async (_kind, body) => {
    const first = await ask("order-1", { body });
    const second = await ask("order-1", { body });
    expect([first.status, second.status, second.text]).toEqual([200, 200, first.text]);
    expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(first.headers.get("x-switchyard-replay-of")).toBeNull();
    expect(second.headers.get("x-switchyard-replay-of")).toBe(first.headers.get("x-request-id"));
    expect(second.headers.get("x-switchyard-cost-usd")).toBe("0");
    expect(dispatched()).toBe(1);
    await vi.waitFor(() => expect(rig.gateway.requests).toHaveLength(2));
    expect(rig.gateway.requests[1]).toMatchObject({ status: 200, attempts: 0, costPicoUsd: "0" });
    expect(rig.gateway.requests[1]?.because).toMatchObject([{ code: "repeated_call" }]);
  });

  it("is waited for by retries that come while it is under way, in its process and in others", async () => {
    rig.simulator.behaviours.set("any", "*", { latencyMs: 300 });
    const other = await startInProcessGateway(rig.policy, { claims });
    try {
      const urls = [rig.gateway.url, rig.gateway.url, other.url, other.url];
      const answers = await Promise.all(urls.map((url) => ask("order-2", { url })));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(200);
      expect(dispatched() + other.held.length).toBe(1);
    } finally {
      await other.close();
    }
  });

  it("is known by its virtual key and endpoint, too", async () => {
    const first = await ask("order-3");
    const colleague = await ask("order-3", { as: "colleague" });
    const vectors = await ask("order-3", { path: "/v1/embeddings", body: { model: "vectors", input: "a" } });
    expect([first, colleague, vectors].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(dispatched()).toBe(3);
  });

  it("refuses another body, while the first is under way and afterwards", async () => {
    rig.simulator.behaviours.set("any", "*", { latencyMs: 200 });
    const first = ask("order-4");
    await vi.waitFor(() => expect(dispatched()).toBe(1));
    const other = { body: { temperature: 0.5 } };
    expect(await ask("order-4", other)).toMatchObject({ status: 409, code: "idempotency_key_reused" });
    await first;
    const late = await ask("order-4", other);
    expect(late).toMatchObject({ status: 409, code: "idempotency_key_reused" });
    expect(late.headers.get("x-should-retry")).toBe("false");
    expect(dispatched()).toBe(1);
  });

  it("frees its key when it failed and cost nothing", async () => {
    rig.simulator.behaviours.set("any", "*", { errorStatus: 500 });
    expect(await ask("order-5")).toMatchObject({ status: 502, code: "upstream_error" });
    rig.simulator.behaviours.set("any", "*", {});
    expect((await ask("order-5")).status).toBe(200);
  });

  it("lets those that wait try in turn when it failed and cost nothing, however slow the database is to hear of it", async () => {
    const end = claims.end.bind(claims);
    claims.end = async (ended) => {
      await sleep(30);
      await end(ended);
    };
    rig.simulator.behaviours.set("any", "*", { errorStatus: 500, latencyMs: 100 });
    const failed = await Promise.all(Array.from({ length: 3 }, () => ask("order-11")));
    expect(failed.map(({ status, code }) => `${status} ${code}`)).toEqual(Array(3).fill("502 upstream_error"));
    rig.simulator.behaviours.set("any", "*", { latencyMs: 100 });
    const answers = await Promise.all(Array.from({ length: 3 }, () => ask("order-11")));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it("is told again as failed, for good, when it may have been billed", async () => {
    rig.simulator.behaviours.set("any", "*", { errorMidStream: 4 });
    const body = { stream: true };
    expect((await ask("order-6", { body })).text).toContain("error");
    const attempts = dispatched();
    rig.simulator.behaviours.set("any", "*", {});
    const again = await ask("order-6", { body });
    expect(again.status).toBeGreaterThanOrEqual(500);
    expect(again.headers.get("x-should-retry")).toBe("false");
    expect(dispatched()).toBe(attempts);
  });

  it("is told to have been answered where a project keeps no answers", async () => {
    const first = await ask("order-7", { as: "discreet" });
    expect(first.status).toBe(200);
    await vi.waitFor(() => expect([...claims.claims.values()]).toMatchObject([{ state: "answered" }]));
    expect([...claims.claims.values()]).toMatchObject([{ sealedAnswer: null }]);
    const again = await ask("order-7", { as: "discreet" });
    expect(again).toMatchObject({ status: 409, code: "idempotency_answer_not_kept" });
    expect(again.text).toContain(first.headers.get("x-request-id"));
    expect(dispatched()).toBe(1);
  });

  it("is not served while nobody can tell whether it was before; others are", async () => {
    claims.isAway = true;
    const refused = await ask("order-8");
    expect(refused).toMatchObject({ status: 503, code: "idempotency_unavailable" });
    expect(refused.headers.get("retry-after")).not.toBeNull();
    expect(await rig.client.chat.completions.create({ model: "chat", messages: hello })).toBeDefined();
    claims.isAway = false;
    expect((await ask("order-8")).status).toBe(200);
    expect(dispatched()).toBe(2);
  });

  it("is not served again when its process was lost", async () => {
    await ask("order-9");
    await vi.waitFor(() => expect([...claims.claims.values()]).toMatchObject([{ state: "answered" }]));
    for (const [id, claim] of claims.claims) claims.claims.set(id, { ...claim, state: "lost" });
    expect(await ask("order-9")).toMatchObject({ status: 409, code: "idempotency_outcome_lost" });
  });

  it.each(["", "x".repeat(256)])("needs a key that is one (%#)", async (key) => {
    expect(await ask(key)).toMatchObject({ status: 400, code: "invalid_header" });
    expect(dispatched()).toBe(0);
  });
});

it("covers uploads, whose separator changes with every try, and sound", async () => {
  const upload = async () =>
    rig.client.audio.transcriptions.create(
      { model: "ears", file: await toFile(Buffer.alloc(2_000), "speech.wav") },
      { headers: { "Idempotency-Key": "upload-1" } },
    );
  expect(await upload()).toEqual(await upload());
  const speak = async () => {
    const asked = { model: "voice", input: "Quiet harbours", voice: "alloy" };
    const answer = await rig.client.audio.speech.create(asked, { headers: { "Idempotency-Key": "speech-1" } });
    return Buffer.from(await answer.arrayBuffer());
  };
  expect(await speak()).toEqual(await speak());
  expect(dispatched()).toBe(2);
});

it("reads a stream to its end for the retry of a client that has left", async () => {
  rig.simulator.behaviours.set("any", "*", { outputTokens: 40, tokensPerSecond: 200, abortBilling: "stop_on_abort" });
  const body = { model: "chat", messages: hello, stream: true } as const;
  const headers = { "Idempotency-Key": "stream-1" };
  const left = await rig.client.chat.completions.create(body, { headers });
  for await (const chunk of left) if (chunk.choices[0]?.delta.content) break;
  const whole = await collect(await rig.client.chat.completions.create(body, { headers }));
  expect(whole.at(-1)?.choices[0]?.finish_reason).toBe("stop");
  expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: "complete", usageSource: "provider_final" } }]);
  expect(rig.simulator.ledger.entries({}, 10)).toMatchObject([{ outcome: "complete" }]);
});

/** Passes bytes on to the gateway, and breaks the first connection when an answer begins. */
async function startCuttingProxy(target: string) {
  let connections = 0;
  const server = createServer((client) => {
    connections += 1;
    const isCut = connections === 1;
    const gateway = connect(Number(new URL(target).port), "127.0.0.1");
    client.pipe(gateway);
    gateway.on("data", (bytes) => (isCut ? client.destroy() : client.write(bytes)));
    gateway.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("error", () => gateway.destroy()).on("close", () => gateway.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, connections: () => connections, close: () => void server.close() };
}

describe("the official SDK, when its connection is cut", () => {
  it.each([
    ["as it is, with a key given for the call", {}, { headers: { "Idempotency-Key": "sdk-1" } }],
    // Its base class makes up one key for a call and all its retries, once it knows the header's name.
    ["told the name of the header", { idempotencyHeader: "Idempotency-Key" }, {}],
  ])("is billed once (%s)", async (_how, settings, options) => {
    const proxy = await startCuttingProxy(rig.gateway.url);
    const sdk = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: rig.policy.keys["key"] ?? "", maxRetries: 2 });
    Object.assign(sdk, settings);
    try {
      const answer = await sdk.chat.completions.create({ model: "chat", messages: hello }, options);
      expect(answer.choices[0]?.message.content).not.toBe("");
      expect(proxy.connections()).toBe(2);
      expect(dispatched()).toBe(1);
    } finally {
      proxy.close();
    }
  });

  it("is billed twice without a key: it sends none by itself", async () => {
    const proxy = await startCuttingProxy(rig.gateway.url);
    const sdk = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: rig.policy.keys["key"] ?? "", maxRetries: 2 });
    try {
      await sdk.chat.completions.create({ model: "chat", messages: hello });
      expect(dispatched()).toBe(2);
    } finally {
      proxy.close();
    }
  });
});

it("gives up waiting when the client has said how long it waits", async () => {
  rig.simulator.behaviours.set("any", "*", { latencyMs: 1_000 });
  const first = ask("order-10");
  await vi.waitFor(() => expect(dispatched()).toBe(1));
  const response = await fetch(`${rig.gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${rig.policy.keys["key"]}`,
      "content-type": "application/json",
      "idempotency-key": "order-10",
      "x-switchyard-timeout-ms": "50",
    },
    body: JSON.stringify({ model: "chat", messages: hello }),
  });
  expect(response.status).toBe(409);
  expect(await response.text()).toContain("idempotency_key_in_use");
  expect(response.headers.get("retry-after")).not.toBeNull();
  await first;
});
