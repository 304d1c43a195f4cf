import { createSimulator, type Simulator } from "@switchyard/simulator/simulator";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startInProcessGateway, type InProcessGateway } from "./harness/in-process-gateway.ts";
import { createPolicy } from "./harness/policy-fixture.ts";

let simulator: Simulator;
let gateway: InProcessGateway;
let client: OpenAI;

beforeAll(async () => {
  simulator = createSimulator();
  await simulator.listen();
  const baseUrl = `${simulator.url}/v1`;
  const policy = createPolicy({
    routes: [
      { name: "fast", targets: [{ baseUrl, providerModel: "sim-chat" }] },
      { name: "vectors", operations: ["embeddings"], targets: [{ baseUrl, providerModel: "sim-embed" }] },
    ],
  });
  gateway = await startInProcessGateway(policy);
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: policy.keys["key"] ?? "", maxRetries: 0 });
});

afterAll(async () => {
  await gateway.close();
  await simulator.close();
});

it("answers a chat completion and settles what it cost", async () => {
  const { data, response } = await client.chat.completions
    .create({ model: "fast", messages: [{ role: "user", content: "hello" }] })
    .withResponse();
  expect(data.choices[0]?.message.content).not.toBe("");
  expect(response.headers.get("x-switchyard-route")).toBe("fast");
  expect(gateway.settled).toHaveLength(1);
});

it("streams with usage", async () => {
  const stream = await client.chat.completions.create({
    model: "fast",
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: "hello" }],
  });
  let usage;
  let text = "";
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    usage = chunk.usage ?? usage;
  }
  expect(text).not.toBe("");
  expect(usage?.total_tokens).toBeGreaterThan(0);
});

it("embeds", async () => {
  const answer = await client.embeddings.create({ model: "vectors", input: ["one", "two"] });
  expect(answer.data).toHaveLength(2);
});

it("lists the routes that the key may call", async () => {
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(["fast", "vectors"]);
});
