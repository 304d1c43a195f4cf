/** A region that fails more often than the others beside it, too seldom for its circuit to open. */
import { noResilience } from "@switchyard/policy-engine/policy/route";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeAll(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    {
      name: "regions",
      targets: ["north", "east", "south"].map((region) => ({ baseUrl: urlOf(region) })),
      resilience: {
        ...noResilience,
        outlierEjection: { errorPointsAbovePeers: 20, timesSlowerThanPeers: null, mostPercent: 40, forSeconds: 60 },
      },
    },
  ]);
});

afterAll(() => rig.close());

it("is left out while the others answer, and its receipt says by which figures", async () => {
  rig.simulator.behaviours.set("north", "*", { errorRate: 0.3, errorStatus: 500 });
  const body = JSON.stringify({ model: "regions", messages: hello });
  const callMany = async (calls: number): Promise<number[]> =>
    Promise.all(
      Array.from({ length: calls }, async () => {
        const response = await rig.send("/v1/chat/completions", body);
        await response.body?.cancel();
        return response.status;
      }),
    );
  rig.gateway.lookForOutliers();
  for (let round = 0; round < 12; round++) await callMany(10);
  rig.gateway.lookForOutliers();
  const before = rig.gateway.held.length;
  expect(new Set(await callMany(20))).toEqual(new Set([200]));
  expect(rig.gateway.held.slice(before).map(({ connectionId }) => connectionId)).not.toContain("con_regions_0");
  expect(rig.gateway.requests.at(-1)?.because).toContainEqual({
    code: "outlier_ejected",
    text: expect.stringMatching(
      /^Passed over con_regions_0 \/ \S+: \d+ % of its last \d+ calls failed, and 0 % of its peers', so it is left out for another \d+ s\.$/,
    ),
  });
});
