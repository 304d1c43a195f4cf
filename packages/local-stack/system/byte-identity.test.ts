/** A provider of ours, added through the admin API, gets the route's calls soon and byte for byte. */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";

const answer = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "our-model",
  choices: [{ index: 0, message: { role: "assistant", content: "ours" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
});

let stack: Stack;
let server: Server;
const bodies: string[] = [];

beforeAll(async () => {
  stack = await startStack();
  server = createServer((request, response) => {
    const hash = createHash("sha256");
    request.on("data", (chunk: Buffer) => hash.update(chunk));
    request.on("end", () => {
      bodies.push(hash.digest("hex"));
      response.setHeader("content-type", "application/json").end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  server?.close();
  await stack?.shutdown();
});

it("receives the traffic of a published route with unchanged bodies in both directions", async () => {
  const admin = new AdminApi(stack);
  const connection = await admin.post<{ id: string }>("/api/provider-connections", {
    name: "ours",
    kind: "openai-compatible",
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    credential: "sk-our-own-server-credential",
  });
  const model = await admin.post<{ id: string }>("/api/models", {
    providerKind: "openai-compatible",
    providerModel: "our-model",
  });
  await admin.post("/api/routes", {
    name: "our-model",
    targets: [{ connectionId: connection.id, modelId: model.id, weight: 1 }],
  });
  const publishedAt = performance.now();

  // Odd spacing, key order, escapes and unknown fields: everything that a parse and a re-serialisation would change.
  const body = `{ "messages" : [ {"content":"caf\\u00e9 \\/ ☕ 1.0","role":"user"} ],\n\t"x_custom":  1.50, "model":"our-model" , "temperature":1e0 }`;
  let status = 0;
  let text = "";
  while (status !== 200 && performance.now() - publishedAt < 10_000) {
    const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${stack.firstRun!.virtualKey}`, "content-type": "application/json" },
      body,
    });
    status = response.status;
    text = await response.text();
  }
  expect(status).toBe(200);
  expect(text).toBe(answer);
  expect(bodies.at(-1)).toBe(createHash("sha256").update(body).digest("hex"));
});
