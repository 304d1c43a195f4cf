import type { HoldRecord } from "@switchyard/metering/usage-event";

/** Where admission writes a hold before its attempt may be dispatched; the settlement stage implements it. */
export abstract class HoldJournal {
  /** False while the journal is full or cannot be written: nothing may be dispatched then. */
  abstract readonly isWritable: boolean;

  /** Resolves once the record was written; rejects if it was not, and then the attempt must not be dispatched. */
  abstract append(record: HoldRecord): Promise<void>;
}
