/**
 * When a connection is asked for its model list, to learn whether it can be reached before a caller finds out that it cannot.
 * Free at every provider that has such a list, so that nothing is held, settled or charged to anybody. It says nothing of a
 * model: a circuit that opened because answers failed is still tried by a call.
 */
import { z } from "zod";
import { circuitStateAt } from "./circuit.ts";
import type { ConnectionHealth } from "./connection-health.ts";

export const probeSchema = z.strictObject({
  /** A connection without a call for so long is asked, and asked again as often. */
  afterIdleSeconds: z.int().min(5).max(3_600),
});

export type ConnectionProbe = z.infer<typeof probeSchema>;

/** `failing`: it was reached and answered with an error of its own. */
export const probeOutcomes = ["reachable", "unreachable", "timeout", "credential_rejected", "failing"] as const;

export type ProbeOutcome = (typeof probeOutcomes)[number];

/** How long a probe may take to stand in for a caller's trial; after that, callers try again. */
export const probesFirstForMs = 10_000;

/**
 * `trial`: the connection could not be reached, its time is over, and a probe finds out instead of a call. `idle`: nothing has
 * been heard of it for long, whoever may ask. Null: nothing is to be found out now.
 */
export function whyProbe(
  health: ConnectionHealth | undefined,
  { afterIdleSeconds }: ConnectionProbe,
  lastProbeAtMs: number | null,
  nowMs: number,
): "trial" | "idle" | null {
  const state = health === undefined ? "closed" : circuitStateAt(health.circuit, nowMs);
  if (state === "half_open") return "trial";
  if (state !== "closed") return null;
  const heardAtMs = Math.max(lastProbeAtMs ?? -Infinity, lastEndAtMs(health));
  return nowMs - heardAtMs >= afterIdleSeconds * 1_000 ? "idle" : null;
}

/** Whether calls are kept off an unreachable connection while a probe finds out: not for ever, should none come. */
export function isLeftToProbe({ circuit }: Pick<ConnectionHealth, "circuit">, nowMs: number): boolean {
  return circuitStateAt(circuit, nowMs) === "half_open" && nowMs - circuit.retryAtMs < probesFirstForMs;
}

function lastEndAtMs(health: ConnectionHealth | undefined): number {
  let last = -Infinity;
  for (const { lastEndedAtMs } of health?.targetsByModelId.values() ?? [])
    last = Math.max(last, lastEndedAtMs ?? -Infinity);
  return last;
}
