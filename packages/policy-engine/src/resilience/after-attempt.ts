import type { FailureClass, Reason } from "@switchyard/metering/usage-event";
import type { PlannedAttempt } from "../routing/plan-route.ts";

export interface FailedAttempt {
  readonly failure: FailureClass;
  /** Whether a byte of this attempt has reached the client; after that there is no other attempt. */
  readonly firstByteSent: boolean;
  readonly attempt: PlannedAttempt;
  /** Which credential was sent; null where the connection needs none. */
  readonly credentialId: string | null;
  /** Whether the connection has another credential that is not set aside. */
  readonly hasOtherCredential: boolean;
  /** Attempts made so far, this one included. */
  readonly attemptsMade: number;
  readonly maxAttempts: number;
  /** The planned attempts that come after this one. */
  readonly remaining: readonly PlannedAttempt[];
  /** What the provider asked for; null when it asked for nothing. */
  readonly retryAfterMs: number | null;
}

/** Something to leave alone for a while. The shell keeps it, and tells the planner. */
export interface SetAside {
  readonly scope: "target" | "connection" | "credential";
  readonly id: string;
  readonly forMs: number;
}

export type NextStep = {
  readonly setAside: SetAside | null;
  readonly because: Reason;
} & (
  | { readonly next: "stop" }
  /** Dispatch `remaining[index]`; what comes before it is dropped. */
  | { readonly next: "next-target"; readonly index: number }
);

/** Says what follows a failed attempt. */
export function afterAttempt(failed: FailedAttempt): NextStep {
  throw new Error(`not built yet: ${failed.failure}`);
}
