import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@switchyard/telemetry/logger";
import type { ClaimEnd, ClaimStore } from "./claim.repository.ts";

const mostWaiting = 1_000;
const mostAtOnce = 4;
const pauseMs = 500;

interface WaitingEnd {
  readonly end: ClaimEnd;
  readonly onWritten: () => void;
}

/**
 * Writes down how claims ended, behind the answers and in order of their ends. While the database is away they wait in
 * memory, up to a bound; what falls out of it stays a claim that never ends, which is refused and never served twice.
 */
export class ClaimEnds {
  readonly #store: ClaimStore;
  readonly #logger: Pick<Logger, "warn">;
  #waiting: WaitingEnd[] = [];
  #writing: Promise<void> | null = null;
  #isStopping = false;

  constructor(store: ClaimStore, logger: Pick<Logger, "warn">) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Never waits. `onWritten` is called once it is written, or given up. */
  add(end: ClaimEnd, onWritten: () => void): void {
    this.#waiting.push({ end, onWritten });
    if (this.#waiting.length > mostWaiting) this.#waiting.shift()?.onWritten();
    this.#writing ??= this.#writeAll();
  }

  /** Writes what is left, for as long as this. */
  async flush(deadlineMs: number): Promise<void> {
    this.#isStopping = true;
    if (this.#writing !== null) await Promise.race([this.#writing, sleep(deadlineMs, null, { ref: false })]);
  }

  async #writeAll(): Promise<void> {
    let failures = 0;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, mostAtOnce);
      const written = await Promise.all(batch.map((waiting) => this.#write(waiting)));
      const done = new Set(batch.filter((_, index) => written[index] === true));
      this.#waiting = this.#waiting.filter((waiting) => !done.has(waiting));
      if (done.size > 0) continue;
      failures += 1;
      if (failures === 1)
        this.#logger.warn({ waiting: this.#waiting.length }, "ends of idempotent calls cannot be written");
      await sleep(this.#isStopping ? pauseMs / 10 : pauseMs, null, { ref: false });
    }
    this.#writing = null;
  }

  async #write({ end, onWritten }: WaitingEnd): Promise<boolean> {
    try {
      await this.#store.end(end);
    } catch {
      return false;
    }
    onWritten();
    return true;
  }
}
