import { countsAfter, NO_TOKENS, type TokenCounts } from "../answer/token-counts.ts";
import type { UnitCounts } from "../answer/unit-counts.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import type { DeliveryResult } from "../delivery/delivery.ts";

/** What a call can cost. `answer`: the model ran. `error`: an error or garbage took the answer's place. `free`: never billed. */
export interface BillingTerms {
  readonly kind: "answer" | "error" | "free";
  /** What the complete answer costs. */
  readonly full: TokenCounts;
  readonly units?: UnitCounts | undefined;
  readonly behaviour: Behaviour | undefined;
}

export const FREE_OF_CHARGE: BillingTerms = { kind: "free", full: NO_TOKENS, behaviour: undefined };

/**
 * What the provider bills for a call that has ended; null for nothing.
 *
 * A complete answer is billed in full. An answer that broke off, whoever broke it, costs all of its input and what was
 * generated until then, or with `run_on_abort` as much as the complete one. Errors and garbage cost nothing unless the
 * behaviour says `billOnError`. What the simulator's own stop interrupted costs nothing.
 */
export function billedTokens({ kind, full, behaviour }: BillingTerms, result: DeliveryResult): TokenCounts | null {
  if (kind === "free" || result.outcome === "interrupted") return null;
  if (kind === "error") return behaviour?.billOnError === true ? full : null;
  if (result.outcome === "complete" || behaviour?.abortBilling === "run_on_abort") return full;
  return countsAfter(full, result.generatedTokens);
}
