/** Calls that go to a provider as they are: what arrives there, what comes back, and what is held and settled for it. */
import { createServer, request as sendRaw, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

const secret = "sk-provider-0123456789";
/** What the harness calls the connection of the only target of a route. */
const connectionOf = (route: string) => `con_${route}_0`;

let rig: GatewayAndProviders;
let own: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const arrived: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];

beforeEach(async () => {
  arrived.length = 0;
  answer = (_request, response) => response.setHeader("content-type", "application/json").end('{"ok": true}');
  own = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      arrived.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
  const ownUrl = `http://127.0.0.1:${(own.address() as AddressInfo).port}/base`;
  rig = await startGatewayAndProviders(
    (urlOf) => [
      { name: "sim", targets: [{ baseUrl: urlOf("raw"), credential: secret }] },
      { name: "own", targets: [{ baseUrl: ownUrl, credential: secret }] },
      { name: "claude", targets: [{ baseUrl: urlOf("claude"), kind: "anthropic", credential: secret }] },
      { name: "closed", targets: [{ baseUrl: urlOf("closed"), credential: secret }] },
    ],
    {
      keys: [{ name: "key", passthroughConnections: ["sim", "own", "claude"].map(connectionOf) }, { name: "plain" }],
    },
  );
});

afterEach(async () => {
  await rig.close();
  own.closeAllConnections();
  own.close();
});

function pass(path: string, init: RequestInit = {}, key = "key"): Promise<Response> {
  return fetch(`${rig.gateway.url}/passthrough/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${rig.policy.keys[key]}`, ...(init.headers as Record<string, string>) },
  });
}

const chat = (stream: boolean) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: `{ "model": "simulated-model",  "stream": ${stream}, "max_tokens": 40, "messages": [{"role":"user","content":"h\\u0069"}] }`,
});

describe("a call that the codec knows", () => {
  it("arrives byte for byte, with the connection's credential, and is settled at what the answer tells", async () => {
    const response = await pass(`${connectionOf("sim")}/chat/completions`, chat(false));
    expect(response.status).toBe(200);
    const { usage } = (await response.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
    const [received] = [...rig.simulator.requests.newestFirst()];
    expect(received?.body.toString()).toBe(chat(false).body);
    expect(received?.rawHeaders).toContain(`Bearer ${secret}`);
    expect(JSON.stringify(received?.rawHeaders)).not.toContain("sk-sy-");
    expect(rig.gateway.held).toMatchObject([{ operation: "chat" }]);
    expect(rig.gateway.settled).toMatchObject([
      {
        outcome: {
          verdict: "complete",
          usageSource: "provider_final",
          usage: { input: usage.prompt_tokens, output: usage.completion_tokens },
        },
      },
    ]);
    expect(rig.gateway.requests).toMatchObject([
      { operation: "passthrough", routeName: "passthrough/con_sim_0", status: 200, attempts: 1, warnings: [] },
    ]);
  });

  it("streams the provider's own bytes and reads the usage on the way", async () => {
    const body = chat(true).body.replace('"stream"', '"stream_options": {"include_usage": true}, "stream"');
    const response = await pass(`${connectionOf("sim")}/chat/completions`, { ...chat(true), body });
    const text = await response.text();
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    const [entry] = rig.simulator.ledger.entries({}, 10);
    expect(rig.gateway.settled).toMatchObject([
      {
        outcome: { usageSource: "provider_final", usage: { input: entry?.tokens.input, output: entry?.tokens.output } },
      },
    ]);
    expect(rig.gateway.requests).toMatchObject([{ stream: true, verdict: "complete" }]);
  });

  it("is settled at its hold where a stream tells no usage", async () => {
    await (await pass(`${connectionOf("sim")}/chat/completions`, chat(true))).text();
    expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: "complete", usageSource: "upper_bound" } }]);
  });

  it("is known in a native protocol too, with the client's version of it", async () => {
    const body = JSON.stringify({
      model: "simulated-model",
      max_tokens: 30,
      messages: [{ role: "user", content: "hi" }],
    });
    const headers = { "content-type": "application/json", "anthropic-version": "2026-10-21" };
    const response = await pass(`${connectionOf("claude")}/messages`, { method: "POST", headers, body });
    expect(response.status).toBe(200);
    const [received] = [...rig.simulator.requests.newestFirst()];
    expect(received?.rawHeaders).toContain("2026-10-21");
    expect(received?.rawHeaders).toContain(secret);
    expect(rig.gateway.settled).toMatchObject([{ outcome: { usageSource: "provider_final" } }]);
  });
});

describe("a call that nobody here knows", () => {
  it("passes with its method, path, query, type and body, and is flagged instead of being free", async () => {
    answer = (_request, response) => response.writeHead(201, { "content-type": "text/plain", etag: "1" }).end("made");
    const response = await pass(`${connectionOf("own")}/files/a%20b?purpose=x%2Fy`, {
      method: "PUT",
      headers: { "content-type": "text/csv", "x-custom": "1", cookie: "a=b" },
      body: "a,b\n",
    });
    expect([response.status, await response.text()]).toEqual([201, "made"]);
    expect(response.headers.get("etag")).toBe("1");
    expect(response.headers.get("x-request-id")).not.toBeNull();
    expect(arrived).toMatchObject([{ method: "PUT", url: "/base/files/a%20b?purpose=x%2Fy", body: "a,b\n" }]);
    const { headers } = arrived[0]!;
    expect(headers).toMatchObject({ authorization: `Bearer ${secret}`, "content-type": "text/csv", "x-custom": "1" });
    expect(headers.cookie).toBeUndefined();
    expect(rig.gateway.held).toMatchObject([{ operation: "passthrough", modelId: "unknown", priceVersionId: null }]);
    expect(rig.gateway.requests).toMatchObject([
      { operation: "passthrough", status: 201, warnings: ["passthrough_unmetered"] },
    ]);
  });

  it("may be read with GET, and have no body at all", async () => {
    answer = (_request, response) => response.writeHead(204).end();
    const response = await pass(`${connectionOf("own")}/models`);
    expect(response.status).toBe(204);
    expect(arrived).toMatchObject([{ method: "GET", url: "/base/models", body: "" }]);
    expect(arrived[0]?.headers["content-type"]).toBeUndefined();
    expect(rig.gateway.settled).toHaveLength(1);
  });

  it("passes the provider's refusal on and settles nothing", async () => {
    answer = (_request, response) =>
      response.writeHead(404, { "content-type": "application/json", "x-account": "acme" }).end('{"error":"no file"}');
    const response = await pass(`${connectionOf("own")}/files/1`);
    expect([response.status, await response.text()]).toEqual([404, '{"error":"no file"}']);
    expect(response.headers.get("x-account")).toBeNull();
    expect(rig.gateway.settled).toMatchObject([{ outcome: { mayBeBilled: false, upstreamStatus: 404 } }]);
  });

  it("does not tell a client that its key is bad when ours is, nor what the provider says of it", async () => {
    answer = (_request, response) => response.writeHead(401).end(`{"error":"bad key ${secret}"}`);
    const response = await pass(`${connectionOf("own")}/models`);
    const text = await response.text();
    expect(response.status).toBe(503);
    expect(text).toContain("provider_credential_rejected");
    expect(text).not.toContain(secret);
    // What one path is refused for says nothing of the credential: everybody else goes on using it.
    answer = (_request, response) => response.end("ok");
    expect((await pass(`${connectionOf("own")}/models`)).status).toBe(200);
  });

  it("cuts the client's connection where the provider's answer is cut", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream", "content-length": "100" });
      response.write("half", () => response.destroy());
    };
    const response = await pass(`${connectionOf("own")}/files/1/content`);
    await expect(response.text()).rejects.toThrow("terminated");
    await vi.waitFor(() => expect(rig.gateway.requests).toMatchObject([{ verdict: "truncated" }]));
  });
});

describe("what does not pass", () => {
  it("is anything of a key that was not allowed to, whether the connection exists or not", async () => {
    for (const [path, key] of [
      [`${connectionOf("sim")}/models`, "plain"],
      [`${connectionOf("closed")}/models`, "key"],
      ["nothing-of-this-name/models", "key"],
    ] as const) {
      const response = await pass(path, {}, key);
      const { error } = (await response.json()) as { error: { code: string } };
      expect([response.status, error.code]).toEqual([403, "passthrough_not_allowed"]);
    }
    const unknown = await fetch(`${rig.gateway.url}/passthrough/${connectionOf("sim")}/models`);
    expect(unknown.status).toBe(401);
    expect(rig.gateway.held).toEqual([]);
  });

  it.each(["/../secret", "/%2e%2e/secret", "/%252e%252e/secret", "//evil.example/", "/http://evil.example/"])(
    "is a path that leads elsewhere: %s",
    async (path) => {
      // Below fetch, which would tidy the path up.
      const { port } = new URL(rig.gateway.url);
      const status = await new Promise<number>((resolve, reject) => {
        sendRaw({
          port,
          path: `/passthrough/${connectionOf("own")}${path}`,
          headers: { authorization: `Bearer ${rig.policy.keys["key"]}` },
        })
          .on("response", (response) => resolve(response.resume().statusCode ?? 0))
          .on("error", reject)
          .end();
      });
      expect(status).toBe(400);
      expect(arrived).toEqual([]);
    },
  );
});
