import type { Quota } from "@switchyard/metering/quota";
import type { LocalLease } from "./local-lease.ts";

export interface QuotaNeed {
  readonly quota: Quota;
  /** In the quota's unit; a need of nothing is always met and holds nothing. */
  readonly amount: bigint;
}

export interface QuotaHeld {
  readonly quota: Quota;
  readonly lease: LocalLease;
  readonly amount: bigint;
}

export interface QuotaRefusal {
  readonly quota: Quota;
  /** `unavailable`: the database is away, and this quota must not be guessed. */
  readonly why: "exhausted" | "unavailable";
  /** What would have fitted. */
  readonly remaining: bigint;
  /** Until the quota's window ends; null where it has no end, or none that is known. */
  readonly resetsInMs: number | null;
}

export type HoldOutcome =
  | { readonly kind: "held"; readonly held: readonly QuotaHeld[] }
  | { readonly kind: "refused"; readonly refusal: QuotaRefusal };

/** A call that waits until this process owns more of a quota. */
export interface QuotaWaiter {
  readonly needs: readonly QuotaNeed[];
  readonly answer: (outcome: HoldOutcome) => void;
  /** On the monotonic clock. */
  readonly giveUpAt: number;
  /** What it needs of the quota in whose queue it stands. */
  amount: bigint;
}
