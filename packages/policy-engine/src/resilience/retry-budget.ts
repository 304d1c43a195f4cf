/**
 * How much a connection may be asked to make up for others. Without it an outage multiplies the calls that reach the
 * providers that are left (Google SRE, "Handling Overload": a tenth keeps growth at 1.1 times instead of 3).
 */
const retryShare = 0.1;
/** Allowed in any case, within the same minute: a share of little traffic would be nothing. */
export const fewestRetries = 100;

export interface SentCalls {
  readonly firstCalls: number;
  /** Attempts of calls of which another attempt went out before. */
  readonly retries: number;
}

/** Whether one more retry may be sent onto a connection that was sent these calls within a minute. */
export function hasRetryBudget({ firstCalls, retries }: SentCalls): boolean {
  return retries < Math.max(fewestRetries, retryShare * firstCalls);
}
