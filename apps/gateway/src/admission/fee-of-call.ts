import { gatewayFeeScopeTypes, type GatewayFee, type GatewayFeeScopeType } from "@switchyard/metering/gateway-fee";
import type { Attribution } from "@switchyard/metering/usage-event";
import type { ActivePolicy } from "../policies/active-policy.ts";

/** The one fee that a call pays, of the narrowest scope that has one; null where none has. */
export function feeOfCall(
  { feesByScope }: Pick<ActivePolicy, "feesByScope">,
  attribution: Attribution,
  routeId: string,
): GatewayFee | null {
  if (feesByScope.size === 0) return null;
  const ids: Readonly<Record<GatewayFeeScopeType, string>> = {
    virtual_key: attribution.virtualKeyId,
    project: attribution.projectId,
    team: attribution.teamId,
    route: routeId,
    organisation: attribution.organisationId,
  };
  for (const type of gatewayFeeScopeTypes) {
    const fee = feesByScope.get(type)?.get(ids[type]);
    if (fee !== undefined) return fee;
  }
  return null;
}
