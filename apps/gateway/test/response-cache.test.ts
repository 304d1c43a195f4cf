import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders(
    (urlOf) => [
      { name: "cached", targets: [{ baseUrl: urlOf("any") }], cacheTtlSeconds: 60 },
      { name: "uncached", targets: [{ baseUrl: urlOf("any") }] },
      {
        name: "vectors",
        operations: ["embeddings"],
        targets: [{ baseUrl: urlOf("any"), providerModel: "embed" }],
        cacheTtlSeconds: 60,
      },
    ],
    { keys: [{ name: "key" }, { name: "colleague" }, { name: "stranger", projectId: "prj_2" }] },
  );
});

afterEach(() => rig.close());

async function ask(body: object, key = "key"): Promise<{ cache: string | null; cost: string | null; text: string }> {
  const headers = { authorization: `Bearer ${rig.policy.keys[key]}` };
  const path = "input" in body ? "/v1/embeddings" : "/v1/chat/completions";
  const response = await rig.send(path, JSON.stringify({ messages: hello, ...body }), headers);
  const { headers: answered } = response;
  return {
    cache: answered.get("x-switchyard-cache"),
    cost: answered.get("x-switchyard-cost-usd"),
    text: await response.text(),
  };
}

it("answers the second time from memory, at no cost and without an attempt", async () => {
  const first = await ask({ model: "cached" });
  const second = await ask({ model: "cached" });
  expect([first.cache, second.cache]).toEqual(["miss", "hit"]);
  expect(second.text).toBe(first.text);
  expect(second.cost).toBe("0");
  expect(rig.gateway.held).toHaveLength(1);
  expect(rig.gateway.requests[1]).toMatchObject({ cache: "hit", attempts: 0, costPicoUsd: "0", connectionId: null });
});

it("replays a stream as a stream", async () => {
  const first = await ask({ model: "cached", stream: true });
  const second = await ask({ model: "cached", stream: true });
  expect(second).toMatchObject({ cache: "hit", text: first.text });
  expect(first.text).toMatch(/data: \[DONE\]\n\n$/);
  expect((await ask({ model: "cached" })).cache).toBe("miss");
});

it("remembers vectors", async () => {
  await ask({ model: "vectors", input: "one" });
  expect((await ask({ model: "vectors", input: "one" })).cache).toBe("hit");
});

it("shares within a project and never beyond it", async () => {
  await ask({ model: "cached" });
  expect((await ask({ model: "cached" }, "colleague")).cache).toBe("hit");
  expect((await ask({ model: "cached" }, "stranger")).cache).toBe("miss");
});

it("takes one different byte for another request", async () => {
  await ask({ model: "cached" });
  expect((await ask({ model: "cached", temperature: 0 })).cache).toBe("miss");
});

it("leaves routes alone that did not opt in", async () => {
  await ask({ model: "uncached" });
  expect((await ask({ model: "uncached" })).cache).toBe("bypass");
});

it.each([
  ["a refusal", { refusal: true }],
  ["an empty answer", { emptyAnswer: true }],
  ["an answer without usage", { malformedUsage: "missing" as const }],
  ["a filtered answer", { contentFilter: true }],
  ["usage that cannot be right", { malformedUsage: "negative" as const }],
])("does not remember %s", async (_, behaviour) => {
  rig.simulator.behaviours.set("any", "*", behaviour);
  await ask({ model: "cached" });
  expect((await ask({ model: "cached" })).cache).toBe("miss");
  await ask({ model: "cached", stream: true });
  expect((await ask({ model: "cached", stream: true })).cache).toBe("miss");
});

it("does not remember a stream that broke off", async () => {
  rig.simulator.behaviours.set("any", "*", { cleanEofAfterChunks: 2, outputTokens: 50, chunkTokens: 1 });
  await ask({ model: "cached", stream: true }).catch(() => undefined);
  rig.simulator.behaviours.clear();
  expect((await ask({ model: "cached", stream: true })).cache).toBe("miss");
});
