import type { PriceVersion } from "@switchyard/metering/price-version";
import type { HoldRecord } from "@switchyard/metering/usage-event";
import type { HeldAttempt } from "./admission.ts";
import type { CallFee } from "./call-fee.ts";
import type { QuotaHeld } from "./hold-outcome.ts";

/** An attempt whose hold is in the journal and which has not been closed yet. */
export interface OpenAttempt extends HeldAttempt {
  readonly hold: HoldRecord;
  /** With the fee. */
  readonly holdPicoUsd: bigint;
  /** Null where no fee applies to the call. */
  readonly fee: CallFee | null;
  /** The version that settlement prices by; null where the model had no price. */
  readonly priceVersion: PriceVersion | null;
  /** Slices of hard budgets, each as large as the hold. */
  readonly budgets: readonly QuotaHeld[];
  /** Limits of the connection, which are held for the attempt only. */
  readonly rates: readonly QuotaHeld[];
}

/** The attempts under way in this process: what makes sure that each is closed exactly once. */
export class OpenAttempts {
  readonly #byId = new Map<string, OpenAttempt>();

  get count(): number {
    return this.#byId.size;
  }

  add(attempt: OpenAttempt): void {
    this.#byId.set(attempt.hold.attemptId, attempt);
  }

  /** Hands an attempt out for closing; throws if it was closed before. */
  close(held: HeldAttempt): OpenAttempt {
    const attempt = this.#byId.get(held.hold.attemptId);
    if (attempt === undefined) throw new Error(`attempt ${held.hold.attemptId} is not open: it was closed before`);
    this.#byId.delete(held.hold.attemptId);
    return attempt;
  }
}
