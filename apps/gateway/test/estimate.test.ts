import { afterEach, beforeEach, expect, it } from "vitest";
import { startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    {
      name: "chat",
      targets: [
        { baseUrl: urlOf("one"), providerModel: "gpt-4o" },
        { baseUrl: urlOf("two"), providerModel: "claude-sonnet-4-5", unpriced: true },
      ],
    },
    {
      name: "vectors",
      operations: ["embeddings"],
      targets: [{ baseUrl: urlOf("one"), providerModel: "text-embedding-3-small" }],
    },
  ]);
});

afterEach(() => rig.close());

async function estimate(body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await rig.send("/v1/estimate", JSON.stringify(body));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

it("says what each target would cost, without sending or recording anything", async () => {
  const messages = [{ role: "user", content: "hello world" }];
  const request = { model: "chat", messages, max_tokens: 100 };
  const { status, body } = await estimate(request);
  expect(status).toBe(200);
  // Two words, the role, 3 around the message and 3 before the answer; 150,000 and 600,000 pico-dollars a token.
  const bound = JSON.stringify(request).length + 256;
  expect(body).toMatchObject({ object: "estimate", model: "chat", currency: "USD" });
  expect(body.targets).toMatchObject([
    {
      model: "gpt-4o",
      priced: true,
      input_tokens: { expected: 9, at_most: bound, counted_by: "tokenizer" },
      output_tokens: { expected: 100, at_most: 100 },
      expected_usd: "0.00006135",
      worst_case_usd: ((bound * 150_000 + 100 * 600_000) / 1e12).toFixed(8).replace(/0+$/, ""),
    },
    {
      model: "claude-sonnet-4-5",
      priced: false,
      input_tokens: { expected: 9, counted_by: "stand_in_tokenizer" },
      expected_usd: null,
      worst_case_usd: null,
    },
  ]);
  expect(body.cheapest_expected_usd).toBe("0.00006135");
  expect([rig.gateway.requests, rig.gateway.held]).toEqual([[], []]);
});

it("knows embeddings by their input, as texts and as tokens", async () => {
  const texts = await estimate({ model: "vectors", input: ["hello world", "hello world"] });
  expect(texts.body.targets).toMatchObject([{ input_tokens: { expected: 4 }, output_tokens: { expected: 0 } }]);
  const tokens = await estimate({ model: "vectors", input: [1, 2, 3] });
  expect(tokens.body.targets).toMatchObject([{ input_tokens: { expected: 3 } }]);
});

it("refuses what the endpoint of the request would refuse", async () => {
  expect((await estimate({ model: "chat", messages: [] })).body).toMatchObject({ error: { code: "invalid_request" } });
  expect((await estimate({ model: "none", messages: [{ role: "user", content: "x" }] })).status).toBe(404);
});
