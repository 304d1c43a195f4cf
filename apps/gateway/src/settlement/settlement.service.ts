import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";
import type { AttemptOutcome, HeldAttempt } from "../admission/admission.ts";

/** Figures for metrics and readiness. */
export interface SettlementStatus {
  readonly isWritable: boolean;
  readonly journalBytes: number;
  readonly unshippedRecords: number;
}

export class SettlementService {
  /**
   * Prices an attempt by the price version its hold pinned, closes it (settle or void), gives the rest of the hold back
   * and journals the close. Call it once for every held attempt, also when it was never sent; a second call throws.
   */
  settle(_held: HeldAttempt, _outcome: AttemptOutcome): AttemptRecord {
    throw new Error("not built yet");
  }

  /** Journals the end of a client call; never waits and never throws. */
  recordRequest(_record: RequestRecord): void {
    throw new Error("not built yet");
  }

  status(): SettlementStatus {
    throw new Error("not built yet");
  }

  /**
   * To be called once, after the last request ended: flushes the journal, ships what can be shipped within the deadline
   * and returns every lease. What could not be shipped stays in the journal for the next start.
   */
  async drain(_deadlineMs: number): Promise<void> {
    throw new Error("not built yet");
  }
}
