/** The official client works against a fresh stack by changing base URL and key only. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { clientOf } from "./support/tenant.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(async () => {
  await stack?.shutdown();
});

describe("a fresh stack", () => {
  it("is ready on gateway and admin", async () => {
    const statuses = await Promise.all(
      [stack.gatewayUrl, stack.adminUrl].map(async (url) => (await fetch(`${url}/readyz`)).status),
    );
    expect(statuses).toEqual([200, 200]);
  });

  it("keeps its first login in a private file", () => {
    expect(statSync(join(stack.home, "first-run.json")).mode & 0o777).toBe(0o600);
    expect(statSync(stack.home).mode & 0o777).toBe(0o700);
    expect(Object.keys(stack.firstRun ?? {})).toEqual(
      expect.arrayContaining(["gatewayUrl", "adminUrl", "adminEmail", "adminPassword", "adminToken", "virtualKey"]),
    );
  });

  it("answers a chat completion", async () => {
    const client = clientOf(stack, stack.firstRun!.virtualKey);
    const { data, response } = await client.chat.completions
      .create({ model: "demo-chat", messages: [{ role: "user", content: "Hello" }] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBeTruthy();
    expect(data.choices[0]?.finish_reason).toBe("stop");
    expect(data.usage?.total_tokens).toBe(data.usage!.prompt_tokens + data.usage!.completion_tokens);
    expect(response.headers.get("x-switchyard-route")).toBe("demo-chat");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get("server-timing")).toBeTruthy();
  });

  it("streams with usage", async () => {
    const client = clientOf(stack, stack.firstRun!.virtualKey);
    const stream = client.chat.completions.stream({
      model: "demo-chat",
      messages: [{ role: "user", content: "Hello" }],
      stream_options: { include_usage: true },
    });
    let content = "";
    stream.on("content", (delta) => (content += delta));
    const final = await stream.finalChatCompletion();
    expect(content).toBe(final.choices[0]?.message.content);
    expect(final.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it("sends no usage chunk to a client that did not ask for one", async () => {
    const client = clientOf(stack, stack.firstRun!.virtualKey);
    const stream = await client.chat.completions.create({
      model: "demo-chat",
      messages: [{ role: "user", content: "Hello" }],
      stream: true,
    });
    for await (const chunk of stream) {
      expect(chunk.usage ?? null).toBeNull();
      expect(chunk.choices).not.toHaveLength(0);
    }
  });

  it("embeds", async () => {
    const client = clientOf(stack, stack.firstRun!.virtualKey);
    const { data } = await client.embeddings.create({ model: "demo-embeddings", input: ["one", "two"] });
    expect(data.map(({ embedding }) => embedding.length > 0)).toEqual([true, true]);
  });

  it("lists the models that the key may call", async () => {
    const models = await clientOf(stack, stack.firstRun!.virtualKey).models.list();
    expect(models.data.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["demo-chat", "demo-fast", "demo-embeddings"]),
    );
  });
});
