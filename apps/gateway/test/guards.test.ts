import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

const perToken = (unitPricePicoUsd: string) => ({
  free: false,
  lines: [
    { meter: "input" as const, unitPricePicoUsd },
    { meter: "output" as const, unitPricePicoUsd },
  ],
});

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    {
      name: "split",
      targets: [
        { baseUrl: urlOf("first"), groupId: "search" },
        { baseUrl: urlOf("second"), groupId: "rest" },
      ],
      strategy: { type: "first_match" },
      groups: [
        {
          groupId: "search",
          name: "search",
          weight: 1,
          enabled: true,
          strategy: { type: "priority" },
          when: { match: "all", clauses: [{ fact: "tag", name: "feature", anyOf: ["search"] }] },
        },
        { groupId: "rest", name: "rest", weight: 1, enabled: true, strategy: { type: "priority" } },
      ],
    },
    { name: "plain", targets: [{ baseUrl: urlOf("first"), region: "us" }] },
    {
      name: "european",
      targets: [
        { baseUrl: urlOf("first"), region: "us" },
        { baseUrl: urlOf("second"), region: "eu" },
      ],
      strategy: { type: "priority" },
      guards: { requires: { regions: ["eu"] } },
    },
    {
      name: "steady",
      targets: [
        { baseUrl: urlOf("first"), providerModel: "cheap", prices: perToken("1000") },
        { baseUrl: urlOf("second"), providerModel: "dear", prices: perToken("2000") },
      ],
      strategy: { type: "priority" },
      guards: { mostPercentOfFirst: 150 },
    },
    {
      name: "mixed",
      targets: [
        { baseUrl: urlOf("first"), providerModel: "dearest", prices: perToken("2000000") },
        { baseUrl: urlOf("second"), providerModel: "cheapest", prices: perToken("1000") },
      ],
      strategy: { type: "priority" },
      guards: { mostCostPicoUsd: "100000000" },
    },
  ]);
});

afterEach(() => rig.close());

async function call(model: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await rig.send("/v1/chat/completions", JSON.stringify({ model, messages: hello }), headers);
  const body = (await response.json()) as { error?: { code: string; param: string | null } };
  return { response, error: body.error, because: rig.gateway.requests.at(-1)?.because.map(({ text }) => text) ?? [] };
}

it("sends calls to the group that their tags are meant for", async () => {
  const tagged = await call("split", { "x-switchyard-tags": "feature=search" });
  expect(tagged.because[0]).toBe("Chose group search: it is the first that is meant for such a call.");
  const other = await call("split");
  expect(other.because.slice(0, 2)).toEqual([
    `Passed over group search: the call's tag "feature" is not one that it is for.`,
    "Chose group rest: it is the first that is meant for such a call.",
  ]);
});

it("passes over connections that are not where the route has to stay", async () => {
  const { response, because } = await call("european");
  expect(response.status).toBe(200);
  expect(because[0]).toBe("Passed over con_european_0 / simulated-model: it must be in region eu, and is in us.");
});

it("refuses what could cost more than the client allows", async () => {
  const tooDear = await call("plain", { "x-switchyard-max-cost-usd": "0.000001" });
  expect(tooDear.response.status).toBe(422);
  expect(tooDear.error?.code).toBe("above_price_ceiling");
  expect(tooDear.response.headers.get("x-should-retry")).toBe("false");
  expect(tooDear.because[0]).toMatch(/it could cost \$0\.\d+, more than the ceiling of \$0\.000001\.$/);
  const allowed = await call("plain", { "x-switchyard-max-cost-usd": "0.001" });
  expect(allowed.response.status).toBe(200);
});

it("does not blame the ceiling where a target within it is only drained", async () => {
  const { revision } = rig.policy;
  const isCheap = ({ connectionId }: { connectionId: string }) => connectionId === "con_mixed_1";
  const drained = revision.connections.map((each) => (isCheap(each) ? { ...each, drained: true } : each));
  rig.gateway.publish({ ...revision, connections: drained });
  const waiting = await call("mixed");
  expect([waiting.response.status, waiting.error?.code]).toEqual([503, "no_target_available"]);
  expect(waiting.response.headers.get("retry-after")).toBe("30");
  const routes = revision.routes.map((route) => ({
    ...route,
    targets: route.targets.filter((each) => !isCheap(each)),
  }));
  rig.gateway.publish({ ...revision, routes });
  expect((await call("mixed")).error?.code).toBe("above_price_ceiling");
});

it("passes over later choices that could cost more than the route's share of the first", async () => {
  const { response, because } = await call("steady");
  expect(response.status).toBe(200);
  expect(because.at(-1)).toMatch(
    /^Passed over con_steady_1 \/ dear: it could cost \$0\.\d+, more than 150 % of the \$0\.\d+ of the first choice\.$/,
  );
});

it.each(["", "-1", "1e3", "a cent"])("does not take %j for an amount", async (amount) => {
  const { response, error } = await call("plain", { "x-switchyard-max-cost-usd": amount });
  expect([response.status, error?.code, error?.param]).toEqual([400, "invalid_header", "x-switchyard-max-cost-usd"]);
});
