import { Injectable } from "@nestjs/common";
import type { FidelityRun } from "@switchyard/api-contract/fidelity";

const mostRuns = 20;

/** The last runs, in the memory of this process: a run is looked at where and while it is made. */
@Injectable()
export class FidelityRuns {
  readonly #runs = new Map<string, FidelityRun>();

  get isAnyRunning(): boolean {
    return [...this.#runs.values()].some(({ state }) => state === "running");
  }

  newestFirst(): FidelityRun[] {
    return [...this.#runs.values()].toReversed();
  }

  find(id: string): FidelityRun | null {
    return this.#runs.get(id) ?? null;
  }

  /** Adds a run, or puts its new state in place of the old one. */
  put(run: FidelityRun): void {
    this.#runs.set(run.id, run);
    for (const id of this.#runs.keys()) {
      if (this.#runs.size <= mostRuns) return;
      this.#runs.delete(id);
    }
  }
}
