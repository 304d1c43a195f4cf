import { gatewayFeeScopeTypes } from "@switchyard/metering/gateway-fee";
import { expect, it } from "vitest";
import { callOf, policyWith } from "../../test/admission/money-fixture.ts";
import { feeOfCall } from "./fee-of-call.ts";

const scopeIds = {
  virtual_key: "vk_key",
  project: "prj_1",
  team: "team_1",
  route: "rt_fast",
  organisation: "org_1",
} as const;

it("charges the narrowest scope's fee and no other, and none of somebody else's", () => {
  const fees = gatewayFeeScopeTypes.map((scopeType) => ({
    feeId: scopeType,
    scopeType,
    scopeId: scopeIds[scopeType],
    perRequestPicoUsd: "1",
    shareOfCostPpm: 0,
  }));
  for (const [index, { feeId }] of fees.entries()) {
    const policy = policyWith([], fees.slice(index));
    const { attribution, route } = callOf(policy);
    expect(feeOfCall(policy, attribution, route.routeId)?.feeId).toBe(feeId);
  }
  const others = policyWith([], [{ ...fees[1]!, scopeId: "prj_2" }]);
  const { attribution, route } = callOf(others);
  expect(feeOfCall(others, attribution, route.routeId)).toBeNull();
});
