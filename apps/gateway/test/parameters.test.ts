/** What a provider kind has no words for: refused where client code depends on it, dropped with a warning elsewhere. */
import { APIError } from "openai";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    { name: "alone", targets: [{ baseUrl: urlOf("narrow"), kind: "mistral", credential: "key" }] },
    {
      name: "backed",
      targets: [{ baseUrl: urlOf("narrow"), kind: "mistral", credential: "key" }],
      fallbacks: ["wide"],
    },
    { name: "wide", targets: [{ baseUrl: urlOf("wide") }] },
  ]);
});

afterEach(() => rig.close());

it("drops hints with a warning, and spells the rest as the provider does", async () => {
  const { response } = await rig.client.chat.completions
    .create({ model: "alone", messages: hello, seed: 7, store: true, max_completion_tokens: 9 })
    .withResponse();
  expect(response.headers.get("x-switchyard-warnings")).toBe("param=store; action=dropped; provider=mistral");
  const [request] = rig.simulator.requests.newestFirst();
  expect(JSON.parse(String(request?.body))).toMatchObject({ random_seed: 7, max_tokens: 9 });
  expect(JSON.parse(String(request?.body))).not.toHaveProperty("store");
});

it("refuses what client code depends on, and bills nothing", async () => {
  const failure = await rig.client.chat.completions
    .create({ model: "alone", messages: hello, logprobs: true })
    .catch((error: unknown) => error);
  if (!(failure instanceof APIError)) throw failure;
  expect([failure.status, failure.code, failure.param]).toEqual([400, "unsupported_parameter", "logprobs"]);
  expect(failure.headers?.get("x-should-retry")).toBe("false");
  expect([...rig.simulator.requests.newestFirst()]).toEqual([]);
  expect(rig.gateway.settled).toMatchObject([{ outcome: { failureClass: "invalid_request", mayBeBilled: false } }]);
});

it("passes over to a target that has the parameter", async () => {
  const { response } = await rig.client.chat.completions
    .create({ model: "backed", messages: hello, logprobs: true })
    .withResponse();
  expect(response.headers.get("x-switchyard-provider")).toBe("con_wide_0");
});
