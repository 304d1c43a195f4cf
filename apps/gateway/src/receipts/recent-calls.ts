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
  // A Map keeps insertion order: the first entry is the oldest.
  readonly #calls = new Map<string, CallRecords>();

  remember(request: RequestRecord, attempts: readonly AttemptRecord[]): void {
    this.#calls.set(request.requestId, { request, attempts });
    if (this.#calls.size <= mostRemembered) return;
    const [oldest] = this.#calls.keys();
    if (oldest !== undefined) this.#calls.delete(oldest);
  }

  /**
   * Null for a call of another project, for one that ended more than five minutes ago (what was corrected since is in the
   * ledger only), and for one that has an attempt which is still being read to its end.
   */
  find(requestId: string, projectId: string, nowMs: number): CallRecords | null {
    const found = this.#calls.get(requestId);
    if (found === undefined || found.request.attribution.projectId !== projectId) return null;
    if (found.attempts.length !== found.request.attempts) return null;
    return nowMs - found.request.endedAtMs <= rememberedMs ? found : null;
  }
}
