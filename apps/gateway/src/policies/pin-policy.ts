import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ActivePolicy } from "./active-policy.ts";
import type { PolicyStore } from "./policy.store.ts";

/** Ties a call to the revision that runs now; it keeps it to its end. Throws `policy_unavailable` before the first one. */
export function pinPolicy(call: Call, store: PolicyStore): ActivePolicy {
  if (store.current === null) {
    throw new GatewayError("policy_unavailable", "The gateway has no policy yet.", { retryAfterSeconds: 2 });
  }
  call.policy = store.current;
  return store.current;
}
