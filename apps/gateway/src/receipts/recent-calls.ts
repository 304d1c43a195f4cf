import { isForAnswer } from "@switchyard/metering/receipt";
import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";

/** The records of one call, as they were journalled. */
export interface CallRecords {
  readonly request: RequestRecord;
  readonly attempts: readonly AttemptRecord[];
}

const mostRemembered = 1_000;
const rememberedMs = 5 * 60_000;

/** The last calls of this process, for receipts that are asked for before the ledger has them or while it is away. */
export class RecentCalls {
  readonly #calls = new Map<string, CallRecords>();
  /** The ids in the order in which they came, as a ring: a Map would walk over all that were deleted to find its oldest. */
  readonly #order: string[] = [];
  #oldest = 0;

  remember(request: RequestRecord, attempts: readonly AttemptRecord[]): void {
    const forgotten = this.#order[this.#oldest];
    if (forgotten !== undefined) this.#calls.delete(forgotten);
    this.#order[this.#oldest] = request.requestId;
    this.#oldest = (this.#oldest + 1) % mostRemembered;
    this.#calls.set(request.requestId, { request, attempts });
  }

  /** Whether this process remembers the call, and the project made it. */
  isCallOf(requestId: string, projectId: string): boolean {
    return this.#calls.get(requestId)?.request.attribution.projectId === projectId;
  }

  /**
   * Null for a call of another project, for one that ended more than five minutes ago (what was corrected since is in the
   * ledger only), and for one that has an attempt which is still being read to its end.
   */
  find(requestId: string, projectId: string, nowMs: number): CallRecords | null {
    const found = this.#calls.get(requestId);
    if (found === undefined || found.request.attribution.projectId !== projectId) return null;
    if (found.attempts.filter(isForAnswer).length !== found.request.attempts) return null;
    return nowMs - found.request.endedAtMs <= rememberedMs ? found : null;
  }
}
