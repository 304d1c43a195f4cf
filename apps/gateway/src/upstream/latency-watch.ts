import type { CalledTarget, HealthMap } from "../routing/health-map.ts";

/** Tells the health map that an attempt is late while it still waits: whoever comes next must not wait for its end. */
export class LatencyWatch {
  readonly #health: HealthMap;
  readonly #target: CalledTarget;
  readonly #objectiveMs: number;
  #timer: NodeJS.Timeout | null;

  constructor(health: HealthMap, target: CalledTarget, objectiveMs: number) {
    this.#health = health;
    this.#target = target;
    this.#objectiveMs = objectiveMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      health.noteLate(target, objectiveMs);
    }, objectiveMs);
  }

  /** The answer has begun: in time, unless it was late before. */
  noteBegin(): void {
    if (this.#timer === null) return;
    this.stop();
    this.#health.noteInTime(this.#target, this.#objectiveMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
