import type { Reason } from "@switchyard/metering/usage-event";
import { GatewayError, type GatewayErrorDetails } from "../errors/gateway-error.ts";
import type { ErrorCode } from "../errors/error-registry.ts";
import type { QuotaRefusal } from "./hold-outcome.ts";

const retryAfterOutageSeconds = 5;

/**
 * What a client is told when a quota refuses its call; names the quota, never what others have used of it. That is in the
 * reason, for the people who can do something about it. `needed`: what the call needed, in the quota's unit.
 */
export function refusalError(refusal: QuotaRefusal, needed: bigint): GatewayError {
  const { code, message } = wordsOf(refusal);
  const { why, resetsInMs, quota } = refusal;
  const retryAfter: GatewayErrorDetails =
    why === "unavailable"
      ? { retryAfterSeconds: retryAfterOutageSeconds }
      : quota.unit === "concurrent_requests"
        ? { retryAfterSeconds: 1 }
        : resetsInMs === null
          ? {}
          : { retryAfterSeconds: Math.max(1, Math.ceil(resetsInMs / 1_000)) };
  return new GatewayError(code, message, { ...retryAfter, reason: reasonOf(refusal, needed, message) });
}

function wordsOf({ quota, why }: QuotaRefusal): { readonly code: ErrorCode; readonly message: string } {
  const { name, unit } = quota;
  if (unit === "pico_usd") {
    return why === "unavailable"
      ? { code: "budget_unavailable", message: `The budget "${name}" cannot be checked at the moment.` }
      : { code: "budget_exceeded", message: `The budget "${name}" does not cover this call.` };
  }
  if (why === "unavailable") {
    return { code: "rate_limit_unavailable", message: `The limit "${name}" cannot be checked at the moment.` };
  }
  return unit === "concurrent_requests"
    ? { code: "concurrency_limit_exceeded", message: `The limit "${name}" of calls in flight is reached.` }
    : { code: "rate_limit_exceeded", message: `The rate limit "${name}" is reached.` };
}

function reasonOf({ quota, why, remaining, resetsInMs }: QuotaRefusal, needed: bigint, text: string): Reason {
  return {
    code: "quota_refused",
    text,
    quota: {
      quotaId: quota.quotaId,
      unit: quota.unit,
      why,
      limit: quota.limit,
      remaining: remaining.toString(),
      needed: needed.toString(),
      resetsAtMs: resetsInMs === null ? null : Math.round(Date.now() + resetsInMs),
    },
  };
}
