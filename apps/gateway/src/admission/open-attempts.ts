import type { PriceVersion } from "@switchyard/metering/price-version";
import type { HoldRecord } from "@switchyard/metering/usage-event";
import type { HeldAttempt } from "./admission.ts";
import type { CallFee } from "./call-fee.ts";
import type { QuotaHeld } from "./hold-outcome.ts";

/** An attempt whose hold is in the journal: what its holder gives out, with all that closing it takes. */
export interface OpenAttempt extends HeldAttempt {
  /** From when its hold was written until it is closed. */
  isOpen: boolean;
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
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(attempt: OpenAttempt): void {
    attempt.isOpen = true;
    this.#count += 1;
  }

  /** Hands an attempt out for closing; throws if it was closed before. */
  close(held: HeldAttempt): OpenAttempt {
    const attempt = held as OpenAttempt;
    if (!attempt.isOpen) throw new Error(`attempt ${held.hold.attemptId} is not open: it was closed before`);
    attempt.isOpen = false;
    this.#count -= 1;
    return attempt;
  }
}
