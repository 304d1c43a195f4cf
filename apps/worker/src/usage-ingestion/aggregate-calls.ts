import type { Attribution, RequestRecord } from "@switchyard/metering/usage-event";

const hourMs = 3_600_000;

/** The calls of one hour that one user made with one key and the same tags; without the session, of which there are many. */
export interface CallCount extends Omit<Attribution, "session"> {
  /** Start of the hour, epoch milliseconds. */
  readonly hour: number;
  requests: number;
}

/** Counts requests for the roll-up of people and tags. */
export function aggregateCalls(records: readonly RequestRecord[]): CallCount[] {
  const counts = new Map<string, CallCount>();
  for (const { attribution, startedAtMs } of records) {
    const { session: _session, ...caller } = attribution;
    const hour = Math.floor(startedAtMs / hourMs) * hourMs;
    const key = JSON.stringify([hour, ...Object.values(caller)]);
    const count = counts.get(key);
    if (count === undefined) counts.set(key, { hour, ...caller, requests: 1 });
    else count.requests += 1;
  }
  return [...counts.values()];
}
