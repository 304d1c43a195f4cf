import type { Usage } from "@switchyard/metering/meters";
import type { FailureClass, UsageSource, Verdict } from "@switchyard/metering/usage-event";
import type { ProviderFailure, UsageReading } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { DispatchOrder } from "./dispatch-order.ts";
import type { ExchangeFailure } from "./upstream-exchange.ts";

// English text runs at about four bytes a token; what is settled by it is flagged as an estimate.
const bytesPerToken = 4;

/** What an attempt is billed by, and how far that can be relied on. */
export interface BilledUsage {
  readonly usage: Usage | null;
  readonly usageSource: UsageSource;
}

/** The provider's own count where it told a usable one; otherwise nothing, and the attempt settles at its hold. */
export function providerUsage(reading: UsageReading | null): BilledUsage {
  if (reading?.kind === "usable") return { usage: reading.usage, usageSource: "provider_final" };
  return { usage: null, usageSource: "upper_bound" };
}

/** The same for an order whose request alone decides a part of what is billed. */
export function billedUsage({ facts }: DispatchOrder, reading: UsageReading | null): BilledUsage {
  const { counted } = facts;
  if (counted === undefined || reading?.kind === "unusable") return providerUsage(reading);
  if (reading !== null) return { usage: { ...counted, ...reading.usage }, usageSource: "provider_final" };
  return Object.keys(counted).length === 0 ? providerUsage(null) : { usage: counted, usageSource: "estimate" };
}

/** Usage of a stream that ended before it told any: what was asked, and what was seen of the answer. */
export function estimatedUsage(order: DispatchOrder, contentBytes: number): BilledUsage {
  const input = Math.max(order.facts.inputTokensAtLeast, Math.ceil(order.facts.inputTokensAtMost / bytesPerToken));
  const output = Math.ceil(contentBytes / bytesPerToken);
  return { usage: { input, output }, usageSource: "estimate" };
}

/** Outcome of an attempt that a provider surely did not bill: never reached, or refused with an error status. */
export function unbilledOutcome(
  failure: FailureClass,
  verdict: Verdict,
  upstreamStatus: number | null,
): AttemptOutcome {
  return {
    verdict,
    failureClass: failure,
    upstreamStatus,
    timeToFirstTokenMs: null,
    usageSource: "none",
    usage: null,
    mayBeBilled: false,
    serviceTier: null,
  };
}

/** Puts a failure of the exchange itself into the classes that policy decides on. */
export function failureOfExchange({ phase, fault }: ExchangeFailure): ProviderFailure {
  if (fault === "aborted") return failureOf("client_cancelled", "The client closed the connection.");
  if (phase === "connecting") return failureOf("connect", "The provider could not be reached.");
  if (fault === "timeout") return failureOf("timeout", "The provider did not answer in time.");
  if (fault === "too_large") return failureOf("malformed_response", "The provider's answer is too large.");
  if (phase === "waiting") return failureOf("server_error", "The provider closed the connection without an answer.");
  return failureOf("truncated", "The provider's answer ended before it was complete.");
}

function failureOf(failure: FailureClass, message: string): ProviderFailure {
  return { failure, message, retryAfterMs: null, providerCode: null, providerParam: null, providerMessage: null };
}
