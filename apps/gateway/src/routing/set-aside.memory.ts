import type { SetAside } from "@switchyard/policy-engine/resilience/after-attempt";

const mostRemembered = 10_000;

/** Credentials that this process leaves alone for a while, and until when, by id. */
export class SetAsideMemory {
  readonly #untilMs = new Map<string, number>();

  add({ credentialId, forMs }: SetAside, nowMs: number): void {
    if (this.#untilMs.size >= mostRemembered) this.#forgetWhatIsOver(nowMs);
    this.#untilMs.set(credentialId, Math.max(nowMs + forMs, this.#untilMs.get(credentialId) ?? 0));
  }

  has(credentialId: string, nowMs: number): boolean {
    const untilMs = this.#untilMs.get(credentialId);
    if (untilMs === undefined) return false;
    if (untilMs > nowMs) return true;
    this.#untilMs.delete(credentialId);
    return false;
  }

  #forgetWhatIsOver(nowMs: number): void {
    for (const [id, untilMs] of this.#untilMs) if (untilMs <= nowMs) this.#untilMs.delete(id);
    // Still full: the oldest entry goes, so that the memory stays bounded whatever happens.
    const [oldest] = this.#untilMs.keys();
    if (this.#untilMs.size >= mostRemembered && oldest !== undefined) this.#untilMs.delete(oldest);
  }
}
