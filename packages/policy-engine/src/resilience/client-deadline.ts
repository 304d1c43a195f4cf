/** How long a client is going to wait, and what that leaves an attempt. */
import type { RouteTimeouts } from "../policy/route.ts";

/** Less than this is not worth a call that has to be paid for. */
export const fewestUsefulMs = 50;

export interface ClientDeadline {
  /** Until the whole answer is there, from when the call began; null where the client did not say. */
  readonly wholeMs: number | null;
  /** Until the answer begins. */
  readonly beginMs: number | null;
}

export const noDeadline: ClientDeadline = { wholeMs: null, beginMs: null };

/** What is left of the nearer bound, `elapsedMs` after the call began; infinite without one. */
export function timeLeftMs({ wholeMs, beginMs }: ClientDeadline, elapsedMs: number): number {
  return Math.min(wholeMs ?? Infinity, beginMs ?? Infinity) - elapsedMs;
}

/** The route's timeouts, none of them longer than the client waits. The same object where the client leaves enough time. */
export function withinDeadline(timeouts: RouteTimeouts, deadline: ClientDeadline, elapsedMs: number): RouteTimeouts {
  const beginMs = Math.max(1, timeLeftMs(deadline, elapsedMs));
  const wholeMs = Math.max(1, (deadline.wholeMs ?? Infinity) - elapsedMs);
  if (beginMs >= timeouts.firstByteMs && wholeMs >= timeouts.totalMs) return timeouts;
  return {
    // The pool of connections goes by it: it must not be another for every call.
    connectMs: timeouts.connectMs,
    firstByteMs: Math.min(timeouts.firstByteMs, Math.ceil(beginMs)),
    idleMs: timeouts.idleMs,
    totalMs: Math.min(timeouts.totalMs, Math.ceil(wholeMs)),
  };
}
