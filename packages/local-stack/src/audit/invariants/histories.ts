/** What an audit knows when all is quiet: what clients saw, what the provider billed, what the ledger says. */
import type { Account } from "../accounts.ts";
import type { ClientCall } from "../client-history.ts";
import type { BudgetWindow, LedgerAttempt, LedgerRequest } from "../ledger-history.ts";
import type { PrefixQuestion, SentPrefix, SimulatorEntry } from "../simulator-api.ts";

export interface Histories {
  readonly accounts: readonly Account[];
  readonly calls: readonly ClientCall[];
  readonly entries: readonly SimulatorEntry[];
  /** Before corrections. */
  readonly attempts: readonly LedgerAttempt[];
  readonly requests: readonly LedgerRequest[];
  /** After corrections. */
  readonly corrected: readonly LedgerAttempt[];
  readonly budgets: readonly BudgetWindow[];
  readonly budgetLooks: number;
  /** How often processes were killed. */
  readonly gatewayKills: number;
  readonly prefixesOf: (questions: readonly PrefixQuestion[]) => Promise<(SentPrefix | null)[]>;
}

export interface Finding {
  readonly number: number;
  readonly claim: string;
  readonly figures: string;
  /** Counterexamples; none where the invariant holds. */
  readonly broken: readonly string[];
}
