import type { BudgetWindow, LedgerHistory } from "./ledger-history.ts";

const lookEveryMs = 150;

/** Looks at the budgets over and over while a storm runs: a limit must hold in every committed state, not only at the end. */
export class BudgetWatch {
  readonly #ledger: LedgerHistory;
  readonly #worst = new Map<string, BudgetWindow>();
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;

  constructor(ledger: LedgerHistory) {
    this.#ledger = ledger;
    this.#schedule();
  }

  get looks(): number {
    return this.#looks;
  }

  /** Of each budget the state that counted most. */
  get worst(): BudgetWindow[] {
    return [...this.#worst.values()];
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async look(): Promise<void> {
    for (const window of await this.#ledger.budgetWindows()) {
      const before = this.#worst.get(window.projectId);
      if (before === undefined || isWorse(window, before)) this.#worst.set(window.projectId, window);
    }
    this.#looks += 1;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      // While the database is down there is no state to look at.
      void this.look()
        .catch(() => undefined)
        .then(() => this.#schedule());
    }, lookEveryMs).unref();
  }
}

function isWorse(window: BudgetWindow, than: BudgetWindow): boolean {
  return window.countedPicoUsd + window.overrunPicoUsd > than.countedPicoUsd + than.overrunPicoUsd;
}
