import type { Route } from "@switchyard/policy-engine/policy/route";
import { resolveRoute } from "@switchyard/policy-engine/routing/resolve-route";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { Caller } from "../identity/caller.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";

/** The route that the client named as `model`, if it may call it. Throws GatewayError: model_not_found, route_not_allowed, no_target_available. */
export function requestedRoute(call: Call, policy: ActivePolicy, caller: Caller): Route {
  const resolution = resolveRoute(policy, caller, call.requestedModel);
  switch (resolution.kind) {
    case "route":
      call.route = resolution.route;
      return resolution.route;
    case "unknown":
      throw new GatewayError("model_not_found", "There is no route of this name.", { param: "model" });
    case "not_allowed":
      throw new GatewayError("route_not_allowed", `This ${resolution.reason} may not call this route.`, {
        param: "model",
      });
    case "disabled":
      throw new GatewayError("no_target_available", "This route is switched off.", { param: "model" });
  }
}
