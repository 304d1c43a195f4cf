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

it.each([
  ["strict", { store: true }, "store", null],
  ["warn", { logprobs: true, store: true }, null, ["store", "logprobs"]],
  ["ignore", { logprobs: true, store: true }, null, []],
])("x-switchyard-params: %s", async (mode, parameters, refused, dropped) => {
  const call = rig.client.chat.completions
    .create({ model: "alone", messages: hello, ...parameters }, { headers: { "x-switchyard-params": mode } })
    .withResponse();
  const outcome = await call.then(
    ({ response }) => response.headers.get("x-switchyard-warnings") ?? "",
    (error: unknown) => error,
  );
  const warnings = (dropped ?? []).map((name) => `param=${name}; action=dropped; provider=mistral`).join(", ");
  expect(outcome instanceof APIError ? outcome.param : outcome).toBe(refused ?? warnings);
  const sent = [...rig.simulator.requests.newestFirst()].map(({ body }) => Object.keys(JSON.parse(String(body))));
  expect(sent).toEqual(refused === null ? [["model", "messages"]] : []);
});

it("refuses a mode that it does not know", async () => {
  const body = JSON.stringify({ model: "alone", messages: hello });
  const answer = await rig.send("/v1/chat/completions", body, { "x-switchyard-params": "lenient" });
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { error: { code: "invalid_header", param: "x-switchyard-params" } },
  ]);
});

it("passes over to a target that has the parameter", async () => {
  const { response } = await rig.client.chat.completions
    .create({ model: "backed", messages: hello, logprobs: true })
    .withResponse();
  expect(response.headers.get("x-switchyard-provider")).toBe("con_wide_0");
});
