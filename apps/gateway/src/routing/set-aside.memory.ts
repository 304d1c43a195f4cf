import type { SetAside } from "@switchyard/policy-engine/resilience/after-attempt";

const mostRemembered = 10_000;

/** What this process leaves alone for a while, and until when: targets, connections and credentials, by id. */
export class SetAsideMemory {
  readonly #untilMs = new Map<string, number>();

  /** The planner's view. Entries that are over may still be in it; it compares times itself. */
  get untilMs(): ReadonlyMap<string, number> {
    return this.#untilMs;
  }

  add({ id, forMs }: SetAside, nowMs: number): void {
    if (this.#untilMs.size >= mostRemembered) this.#forgetWhatIsOver(nowMs);
    this.#untilMs.set(id, Math.max(nowMs + forMs, this.#untilMs.get(id) ?? 0));
  }

  has(id: string, nowMs: number): boolean {
    const untilMs = this.#untilMs.get(id);
    if (untilMs === undefined) return false;
    if (untilMs > nowMs) return true;
    this.#untilMs.delete(id);
    return false;
  }

  #forgetWhatIsOver(nowMs: number): void {
    for (const [id, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(id);
    // Still full: the oldest entry goes, so that the memory stays bounded whatever happens.
    const [oldest] = this.#untilMs.keys();
    if (this.#untilMs.size >= mostRemembered && oldest !== undefined) this.#untilMs.delete(oldest);
  }
}
