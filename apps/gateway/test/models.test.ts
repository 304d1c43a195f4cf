import { afterEach, beforeEach, expect, it } from "vitest";
import { startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders(
    (urlOf) => [
      { name: "team/chat", targets: [{ baseUrl: urlOf("any"), providerModel: "sim-chat" }] },
      {
        name: "pictures",
        operations: ["images"],
        targets: [
          {
            baseUrl: urlOf("any"),
            providerModel: "sim-image",
            prices: { free: false, lines: [{ meter: "images", unitPricePicoUsd: "40000000000" }] },
          },
          { baseUrl: urlOf("any"), providerModel: "sim-draft", prices: { free: true, lines: [] } },
          { baseUrl: urlOf("any"), providerModel: "sim-new", unpriced: true },
        ],
      },
    ],
    { keys: [{ name: "key" }, { name: "narrow", allowedRoutes: ["pictures"] }] },
  );
});

afterEach(() => rig.close());

it("tells what a route can do and what its targets cost, in exact decimals", async () => {
  const model = await rig.client.models.retrieve("team/chat");
  expect(model).toMatchObject({
    id: "team/chat",
    object: "model",
    owned_by: "switchyard",
    context_window: 128_000,
    max_output_tokens: 16_384,
    capabilities: { operations: ["chat"], tools: true, json_schema: true },
    targets: [
      {
        model: "sim-chat",
        pricing: "priced",
        prices: [
          { meter: "input", usd: "0.15", per: 1_000_000 },
          { meter: "output", usd: "0.6", per: 1_000_000 },
        ],
      },
    ],
  });
});

it("tells free from unpriced, and prices by the piece", async () => {
  const model = (await rig.client.models.retrieve("pictures")) as unknown as { targets: object[] };
  expect(model.targets).toMatchObject([
    { model: "sim-image", pricing: "priced", prices: [{ meter: "images", usd: "0.04", per: 1 }] },
    { model: "sim-draft", pricing: "free", prices: [] },
    { model: "sim-new", pricing: "unpriced", prices: [] },
  ]);
});

it("lists and shows only what the key may call", async () => {
  expect((await rig.client.models.list()).data.map(({ id }) => id)).toEqual(["pictures", "team/chat"]);
  const narrow = rig.clientFor("narrow");
  expect((await narrow.models.list()).data.map(({ id }) => id)).toEqual(["pictures"]);
  await expect(narrow.models.retrieve("team/chat")).rejects.toMatchObject({ status: 403, code: "route_not_allowed" });
  await expect(narrow.models.retrieve("nothing")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
});
