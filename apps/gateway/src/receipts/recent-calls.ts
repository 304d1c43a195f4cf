import { isForAnswer } from "@switchyard/metering/receipt";
import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";
import type { CallRecord } from "../settlement/recent-records.ts";

/** The records of one call, as they were journalled. */
export interface CallRecords {
  readonly request: RequestRecord;
  readonly attempts: readonly AttemptRecord[];
}

/** Where what was journalled last can be looked up. */
export interface RecentlyJournalled {
  /** Resolves when what has ended so far can be found. */
  written(): Promise<void>;
  /** The newest first. */
  ofCall(requestId: string): Iterable<CallRecord>;
}

const rememberedMs = 5 * 60_000;
/** No call that began earlier has ended within the last five minutes, so it need not be searched for. */
const longestCallMs = 60 * 60_000;

/** The last calls of this process, for receipts that are asked for before the ledger has them or while it is away. */
export class RecentCalls {
  readonly #journalled: RecentlyJournalled;

  constructor(journalled: RecentlyJournalled) {
    this.#journalled = journalled;
  }

  /** Whether this process remembers the call, and the project made it. */
  async isCallOf(requestId: string, projectId: string): Promise<boolean> {
    await this.#journalled.written();
    for (const record of this.#journalled.ofCall(requestId)) return record.attribution.projectId === projectId;
    return false;
  }

  /**
   * Null for a call of another project, for one that ended more than five minutes ago (what was corrected since is in the
   * ledger only), and for one that has an attempt which is still being read to its end.
   */
  async find(requestId: string, madeAtMs: number, projectId: string, nowMs: number): Promise<CallRecords | null> {
    if (nowMs - madeAtMs > longestCallMs) return null;
    await this.#journalled.written();
    let request: RequestRecord | null = null;
    const attempts = new Map<string, AttemptRecord>();
    let answering = 0;
    for (const record of this.#journalled.ofCall(requestId)) {
      if (record.attribution.projectId !== projectId) return null;
      if (record.type === "request") request ??= record;
      else if (!attempts.has(record.attemptId)) {
        attempts.set(record.attemptId, record);
        answering += Number(isForAnswer(record));
      }
      // What is made for no answer is closed after the request is, and so was met before it.
      if (request === null || answering < request.attempts) continue;
      return nowMs - request.endedAtMs <= rememberedMs ? { request, attempts: [...attempts.values()] } : null;
    }
    return null;
  }
}
