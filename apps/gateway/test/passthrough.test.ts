import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startInProcessGateway, type InProcessGateway } from "./harness/in-process-gateway.ts";
import { createPolicy, type PolicyFixture } from "./harness/policy-fixture.ts";

/** A provider of our own that keeps what it gets and answers what it is told to. */
let provider: Server;
let gateway: InProcessGateway;
let policy: PolicyFixture;
let received: { rawHeaders: string[]; body: Buffer; url: string | undefined }[] = [];
let answer = { headers: {} as Record<string, string>, body: "" };

const completion = `{ "id":"c1", "object":"chat.completion","model":"exact",  "choices":[{"index":0,"finish_reason":"stop",
  "message":{"role":"assistant","content":"h\\u00e9llo \\/ ok"}}], "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5} }`;

beforeAll(async () => {
  provider = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ rawHeaders: request.rawHeaders, body: Buffer.concat(chunks), url: request.url });
      response.writeHead(200, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/deep/v1`;
  policy = createPolicy({
    routes: [
      { name: "exact", targets: [{ baseUrl, providerModel: "exact", credential: "secret-of-the-provider" }] },
      { name: "renamed", targets: [{ baseUrl, providerModel: "another-name" }] },
    ],
  });
  gateway = await startInProcessGateway(policy);
});

afterAll(async () => {
  await gateway.close();
  provider.close();
});

async function send(body: string, headers: Record<string, string> = {}): Promise<Response> {
  received = [];
  answer = {
    headers: { "content-type": "application/json", "set-cookie": "a=b", location: "http://elsewhere" },
    body: completion,
  };
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${policy.keys["key"]}`, "content-type": "application/json", ...headers },
  });
}

const oddlyWritten = `{"messages":[ {"role":"user","content":"\\u0068i \\/ 1e2"} ],\n\t"model" : "exact","seed":12345678901234567890}`;

it("passes a request through byte for byte where nothing has to change", async () => {
  const response = await send(oddlyWritten);
  expect(await response.text()).toBe(completion);
  expect(received[0]?.body.toString()).toBe(oddlyWritten);
  expect(received[0]?.url).toBe("/deep/v1/chat/completions");
});

it("changes the model's name and no other byte", async () => {
  await (await send(oddlyWritten.replace('"exact"', '"renamed"'))).arrayBuffer();
  expect(received[0]?.body.toString()).toBe(oddlyWritten.replace('"exact"', '"another-name"'));
});

it("sends its own headers to the provider and none of the client's", async () => {
  await (
    await send(oddlyWritten, {
      cookie: "session=1",
      "x-forwarded-for": "10.0.0.1",
      "openai-organization": "mine",
      "user-agent": "spy",
    })
  ).arrayBuffer();
  const names = received[0]?.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names?.toSorted()).toEqual(
    expect.arrayContaining([
      "accept-encoding",
      "authorization",
      "content-length",
      "content-type",
      "host",
      "x-request-id",
      "x-switchyard-attempt-id",
    ]),
  );
  expect(names).not.toContain("cookie");
  expect(names).not.toContain("x-forwarded-for");
  expect(names).not.toContain("openai-organization");
  const values = received[0]?.rawHeaders.join("\n");
  expect(values).toContain("Bearer secret-of-the-provider");
  expect(values).toContain("identity");
  expect(values).not.toContain("spy");
  expect(values).not.toContain(policy.keys["key"]);
});

it("passes none of the provider's headers on", async () => {
  const response = await send(oddlyWritten);
  await response.arrayBuffer();
  expect(response.headers.get("set-cookie")).toBeNull();
  expect(response.headers.get("location")).toBeNull();
});

it("says what it did in the answer's headers", async () => {
  const response = await send(oddlyWritten);
  await response.arrayBuffer();
  const { headers } = response;
  expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get("x-switchyard-route")).toBe("exact");
  expect(headers.get("x-switchyard-provider")).toBe("con_exact_0");
  expect(headers.get("x-switchyard-model")).toBe("exact");
  expect(headers.get("x-switchyard-attempts")).toBe("1");
  expect(headers.get("x-switchyard-cache")).toBe("bypass");
  expect(headers.get("x-switchyard-cost-usd")).toBe("0.000000000005");
  expect(headers.get("server-timing")).toMatch(/^gateway;dur=[\d.]+, upstream;dur=[\d.]+$/);
  expect(headers.get("x-ratelimit-limit-requests")).toBe("100");
});
