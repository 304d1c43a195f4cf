/**
 * Whether a target is late for what a route promises. A circuit of its own: being late is not failing, and a route that
 * promises nothing goes on using the target.
 */
import type { SeededDraws } from "../routing/seeded-draws.ts";
import { beginTrial, type Circuit, circuitStateAt, closeCircuit, closedCircuit, openCircuit } from "./circuit.ts";

/** One slow answer is chance, and three in a row with none in time between them are not. */
const lateInARowToOpen = 3;

export class Lateness {
  #circuit: Circuit = closedCircuit;
  #lateInARow = 0;
  /** What the target is known to take longer than, while the circuit is not closed. */
  #longerThanMs = 0;

  /** An attempt has had no answer for `objectiveMs`, and may go on without one. */
  noteLate(objectiveMs: number, nowMs: number, draws: SeededDraws): void {
    this.#lateInARow += 1;
    const isOnProbation = this.#circuit.openings > 0;
    if (!isOnProbation && this.#lateInARow < lateInARowToOpen) return;
    // A target that is late for a patient route is late for every stricter one too.
    this.#longerThanMs = isOnProbation ? Math.max(this.#longerThanMs, objectiveMs) : objectiveMs;
    this.#circuit = openCircuit(this.#circuit, "timeout", nowMs, draws);
  }

  /** An attempt was answered within `objectiveMs`. */
  noteInTime(objectiveMs: number, nowMs: number): void {
    this.#lateInARow = 0;
    // In time for a patient route says nothing of a stricter one.
    if (objectiveMs <= this.#longerThanMs) this.#circuit = closeCircuit(this.#circuit, nowMs);
  }

  /** A call with this objective goes out: where the circuit is not closed, it is the trial. */
  begin(nowMs: number): void {
    this.#circuit = beginTrial(this.#circuit, nowMs);
  }

  /** For how long a route with this objective leaves the target alone; null where it may be called. */
  restsForMs(objectiveMs: number, nowMs: number): number | null {
    if (objectiveMs > this.#longerThanMs) return null;
    const state = circuitStateAt(this.#circuit, nowMs);
    if (state === "closed" || state === "half_open") return null;
    return state === "open" ? this.#circuit.retryAtMs - nowMs : 0;
  }
}
