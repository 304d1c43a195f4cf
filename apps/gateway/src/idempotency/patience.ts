import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { readClientHints } from "../upstream/client-hints.ts";

const longestMs = 10 * 60_000;

/**
 * Waits for the call that has this one's key, for as long as the client does. Throws GatewayError: `client_closed_request`,
 * `idempotency_key_in_use`.
 */
export async function waitFor<Ended>(call: Call, ended: Promise<Ended>): Promise<Ended> {
  const { wholeMs, beginMs } = readClientHints(call).deadline;
  const patienceMs = Math.min(longestMs, wholeMs ?? longestMs, beginMs ?? longestMs);
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const onGone = (): void => reject(new GatewayError("client_closed_request", "The client closed the connection."));
  const timer = setTimeout(() => reject(inUse()), patienceMs);
  call.whenClientGone(onGone);
  try {
    return await Promise.race([ended, givenUp]);
  } finally {
    clearTimeout(timer);
    call.forgetListener(onGone);
  }
}

export function inUse(): GatewayError {
  return new GatewayError("idempotency_key_in_use", "The first call with this Idempotency-Key has not ended yet.", {
    retryAfterSeconds: 2,
  });
}
