import type { ClientDeadline } from "@switchyard/policy-engine/resilience/client-deadline";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";

const longestMs = 3_600_000;
const wholeNumber = /^\d{1,9}$/;

/** What a client says of itself, so that nobody goes on working for one that has given up. */
export interface ClientHints {
  readonly deadline: ClientDeadline;
  /** The client has sent this call before: an attempt for it is a retry, whoever makes it. */
  readonly isRetry: boolean;
}

export const noHints: ClientHints = { deadline: { wholeMs: null, beginMs: null }, isRetry: false };

/**
 * Reads `x-switchyard-timeout-ms` (until the whole answer), and what the official SDKs send by themselves:
 * `x-stainless-timeout` (seconds until the answer begins) and `x-stainless-retry-count`. Nonsense from an SDK is ignored;
 * ours throws GatewayError `invalid_header`.
 */
export function readClientHints({ request }: Call): ClientHints {
  const { headers } = request;
  const own = headers["x-switchyard-timeout-ms"];
  const timeout = headers["x-stainless-timeout"];
  const retries = headers["x-stainless-retry-count"];
  if (own === undefined && timeout === undefined && retries === undefined) return noHints;
  return {
    deadline: { wholeMs: own === undefined ? null : readOwnTimeout(own), beginMs: readSeconds(timeout) },
    isRetry: typeof retries === "string" && wholeNumber.test(retries) && Number(retries) > 0,
  };
}

function readOwnTimeout(value: string | readonly string[]): number {
  const milliseconds = typeof value === "string" && wholeNumber.test(value) ? Number(value) : 0;
  if (milliseconds >= 1 && milliseconds <= longestMs) return milliseconds;
  throw new GatewayError("invalid_header", `x-switchyard-timeout-ms must be a whole number from 1 to ${longestMs}.`);
}

function readSeconds(value: string | readonly string[] | undefined): number | null {
  if (typeof value !== "string" || !wholeNumber.test(value)) return null;
  const milliseconds = Number(value) * 1_000;
  return milliseconds === 0 ? null : milliseconds;
}
