import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { collect, hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";
import type { RouteFixture } from "./harness/policy-fixture.ts";
import { soon } from "./soon.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders(routesOf);
});

function routesOf(urlOf: (provider: string) => string): readonly RouteFixture[] {
  return [
    { name: "fast", targets: [{ baseUrl: urlOf("any"), providerModel: "sim-chat" }] },
    { name: "vectors", operations: ["embeddings"], targets: [{ baseUrl: urlOf("any"), providerModel: "sim-embed" }] },
  ];
}

afterEach(() => rig.close());

it("answers a chat completion and settles what the provider billed", async () => {
  const answer = await rig.client.chat.completions.create({ model: "fast", messages: hello });
  expect(answer.choices[0]?.message.content).toBeTruthy();
  const [entry] = rig.simulator.ledger.entries({}, 1);
  expect(rig.gateway.settled).toMatchObject([
    {
      outcome: {
        verdict: "complete",
        usageSource: "provider_final",
        usage: { input: entry?.tokens.input, output: entry?.tokens.output },
      },
    },
  ]);
  expect(rig.gateway.requests).toMatchObject([
    { status: 200, errorCode: null, verdict: "complete", attempts: 1, routeName: "fast", stream: false },
  ]);
  expect(rig.gateway.finished).toEqual([answer.usage?.total_tokens]);
});

it.each([
  ["a chat completion", () => rig.client.chat.completions.create({ model: "fast", messages: hello })],
  ["embeddings", () => rig.client.embeddings.create({ model: "vectors", input: "one" })],
] as const)("does not hand out %s before the journal has what it cost", async (_, ask) => {
  const journal = Promise.withResolvers<void>();
  await rig.close();
  rig = await startGatewayAndProviders(routesOf, { written: () => journal.promise });
  const answer = ask().then(() => "answered");
  await expect.poll(() => rig.gateway.settled.length, soon).toBe(1);
  expect(await Promise.race([answer, sleep(50, "waiting")])).toBe("waiting");
  journal.resolve();
  expect(await answer).toBe("answered");
});

it("streams with usage for clients that ask for it", async () => {
  const stream = await rig.client.chat.completions.create({
    model: "fast",
    stream: true,
    stream_options: { include_usage: true },
    messages: hello,
  });
  const chunks = await collect(stream);
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).not.toBe("");
  expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
  expect(rig.gateway.requests[0]?.timeToFirstTokenMs).toBeGreaterThan(0);
});

it("keeps the usage that it asked for itself from clients that did not", async () => {
  const stream = await rig.client.chat.completions.create({ model: "fast", stream: true, messages: hello });
  const chunks = await collect(stream);
  expect(chunks.filter((chunk) => chunk.usage)).toEqual([]);
  expect(rig.gateway.settled).toMatchObject([{ outcome: { usageSource: "provider_final" } }]);
});

it("embeds", async () => {
  const answer = await rig.client.embeddings.create({ model: "vectors", input: ["one", "two"] });
  expect(answer.data).toHaveLength(2);
  expect(rig.gateway.requests).toMatchObject([{ operation: "embeddings", status: 200, verdict: "complete" }]);
});

it("lists the routes that the key may call", async () => {
  const models = await rig.client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(["fast", "vectors"]);
});

it.each([
  ["a refusal", { refusal: true }, "refused"],
  ["an empty answer", { emptyAnswer: true }, "invalid"],
  ["a filtered answer", { contentFilter: true }, "filtered"],
] as const)("passes %s on, and says so in the record", async (_, behaviour, verdict) => {
  rig.simulator.behaviours.set("any", "*", behaviour);
  await rig.client.chat.completions.create({ model: "fast", messages: hello });
  await collect(await rig.client.chat.completions.create({ model: "fast", messages: hello, stream: true }));
  expect(rig.gateway.requests.map((record) => record.verdict)).toEqual([verdict, verdict]);
  expect(rig.gateway.requests.map(({ status, attempts }) => [status, attempts])).toEqual([
    [200, 1],
    [200, 1],
  ]);
});
