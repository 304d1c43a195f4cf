/**
 * Whether something that failed may be called. Closed: yes. Open: not before `retryAtMs`. Half-open: after that, by one
 * call at a time, which closes the circuit or opens it for twice as long. Values in, values out; the shell keeps them.
 */
import type { FailureClass } from "@switchyard/metering/usage-event";
import type { SeededDraws } from "../routing/seeded-draws.ts";

export interface Circuit {
  /** How often it opened since it was last closed; zero while it is closed. */
  readonly openings: number;
  readonly retryAtMs: number;
  /** Until when a trial that has not ended keeps others away; zero while there is none. */
  readonly trialUntilMs: number;
  readonly cause: FailureClass | null;
  /** It opened because another gateway process saw the failures. */
  readonly seenByOthers?: true;
}

export type CircuitState = "closed" | "open" | "half_open" | "on_trial";

export const closedCircuit: Circuit = { openings: 0, retryAtMs: 0, trialUntilMs: 0, cause: null };

const firstBackoffMs = 1_000;
export const longestBackoffMs = 60_000;
/** A trial whose end nobody reports must not keep a target out for good. */
const longestTrialMs = 10_000;

export function circuitStateAt({ openings, retryAtMs, trialUntilMs }: Circuit, nowMs: number): CircuitState {
  if (openings === 0) return "closed";
  if (retryAtMs > nowMs) return "open";
  return trialUntilMs > nowMs ? "on_trial" : "half_open";
}

/** Opens it, or opens it anew after a trial that failed: 1 s, then twice as long each time, less a drawn part of up to half. */
export function openCircuit(circuit: Circuit, cause: FailureClass, nowMs: number, draws: SeededDraws): Circuit {
  // Calls that left before it opened come back later; they are no news.
  if (circuitStateAt(circuit, nowMs) === "open") return abandonTrial(circuit);
  const backoffMs = Math.min(firstBackoffMs * 2 ** Math.min(circuit.openings, 16), longestBackoffMs);
  const retryAtMs = nowMs + backoffMs - draws.below(backoffMs / 2);
  return { openings: circuit.openings + 1, retryAtMs, trialUntilMs: 0, cause };
}

/** Closes it after an answer, unless it is open and the answer is of a call that left before that. */
export function closeCircuit(circuit: Circuit, nowMs: number): Circuit {
  const isOldNews = circuitStateAt(circuit, nowMs) === "open" && circuit.trialUntilMs === 0;
  return isOldNews ? circuit : closedCircuit;
}

/** A call goes out. On a circuit that is not closed it is a trial, also where it goes out of need before its time. */
export function beginTrial(circuit: Circuit, nowMs: number): Circuit {
  return circuit.openings === 0 ? circuit : { ...circuit, trialUntilMs: nowMs + longestTrialMs };
}

/** A trial ended and says nothing: the next call may try. */
export function abandonTrial(circuit: Circuit): Circuit {
  return circuit.trialUntilMs === 0 ? circuit : { ...circuit, trialUntilMs: 0 };
}
