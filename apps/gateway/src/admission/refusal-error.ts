import type { QuotaRefusal } from "./hold-outcome.ts";
import { GatewayError } from "../errors/gateway-error.ts";

const retryAfterOutageSeconds = 5;

/** What a client is told when a quota refuses its call; names the quota, never what others have used of it. */
export function refusalError({ quota, why, resetsInMs }: QuotaRefusal): GatewayError {
  const resetsInSeconds = resetsInMs === null ? null : Math.max(1, Math.ceil(resetsInMs / 1_000));
  const retryAfter = resetsInSeconds === null ? {} : { retryAfterSeconds: resetsInSeconds };
  if (quota.unit === "pico_usd") {
    return why === "unavailable"
      ? new GatewayError("budget_unavailable", `The budget "${quota.name}" cannot be checked at the moment.`, {
          retryAfterSeconds: retryAfterOutageSeconds,
        })
      : new GatewayError("budget_exceeded", `The budget "${quota.name}" does not cover this call.`, retryAfter);
  }
  if (why === "unavailable") {
    return new GatewayError("rate_limit_unavailable", `The limit "${quota.name}" cannot be checked at the moment.`, {
      retryAfterSeconds: retryAfterOutageSeconds,
    });
  }
  if (quota.unit === "concurrent_requests") {
    return new GatewayError("concurrency_limit_exceeded", `The limit "${quota.name}" of calls in flight is reached.`, {
      retryAfterSeconds: 1,
    });
  }
  return new GatewayError("rate_limit_exceeded", `The rate limit "${quota.name}" is reached.`, retryAfter);
}
