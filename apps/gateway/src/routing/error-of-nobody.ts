import type { Lack, Nobody } from "@switchyard/policy-engine/routing/why-nobody";
import type { ErrorCode } from "../errors/error-registry.ts";
import { GatewayError } from "../errors/gateway-error.ts";

interface Answer {
  readonly code: ErrorCode;
  readonly message: string;
  /** What no wait helps has no `Retry-After`. */
  readonly isWorthAWait: boolean;
}

const nobodyNow = "No target of this route can answer this request now.";

const answers: Readonly<Record<Lack, Answer>> = {
  resting: { code: "no_target_available", message: nobodyNow, isWorthAWait: true },
  full: {
    code: "upstream_rate_limited",
    message: "Every target of this route that could answer is at the limit of its provider.",
    isWorthAWait: true,
  },
  drained: {
    code: "no_target_available",
    message: "An admin is draining every connection of this route that could answer.",
    isWorthAWait: true,
  },
  too_dear: {
    code: "above_price_ceiling",
    message: "This request could cost more on every target than its price ceiling, or that of the route, allows.",
    isWorthAWait: false,
  },
  unpriced: {
    code: "model_not_priced",
    message: "This request has a price ceiling, and no target that could answer it has a price.",
    isWorthAWait: false,
  },
  unfit: { code: "no_target_available", message: nobodyNow, isWorthAWait: true },
};

const usualWaitSeconds = 30;

/** The error of a call that no target can answer, with the first time at which one may. */
export function errorOfNobody({ lack, returnsInMs }: Nobody = { lack: "unfit", returnsInMs: null }): GatewayError {
  const { code, message, isWorthAWait } = answers[lack];
  if (!isWorthAWait) return new GatewayError(code, message);
  const retryAfterSeconds = returnsInMs === null ? usualWaitSeconds : Math.max(1, Math.ceil(returnsInMs / 1_000));
  return new GatewayError(code, message, { retryAfterSeconds });
}
