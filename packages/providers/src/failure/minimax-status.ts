/** What MiniMax's own codes mean, which it puts into `base_resp` beside every answer, mostly with HTTP status 200. */
import type { FailureClass } from "@switchyard/metering/usage-event";

/** By `status_code`, as https://platform.minimax.io/docs/api-reference/errorcode lists them. */
const failures: ReadonlyMap<unknown, FailureClass> = new Map([
  [1001, "timeout"],
  [1002, "rate_limited"],
  [1004, "credential_rejected"],
  [1008, "credit_exhausted"],
  [1026, "content_filtered"],
  [1027, "content_filtered"],
  // Tokens in a minute, not those of the request: it says to try again later.
  [1039, "rate_limited"],
  [1041, "rate_limited"],
  [1042, "invalid_request"],
  [2013, "invalid_request"],
  [2045, "rate_limited"],
  [2049, "credential_rejected"],
  // A plan's share of some hours.
  [2056, "credit_exhausted"],
]);

/** Null for codes that say no more than that something went wrong. */
export function miniMaxFailure(statusCode: unknown): FailureClass | null {
  return failures.get(statusCode) ?? null;
}
