import type { TokenCounts } from "../answer/token-counts.ts";
import { addUnits, type UnitCounts } from "../answer/unit-counts.ts";
import type { ClosedCall, Outcome } from "./ledger-entry.ts";

/** Sums over calls. `calls` counts every accepted call, `billedCalls` those that cost something. */
export interface LedgerTotals {
  readonly calls: number;
  readonly openCalls: number;
  readonly billedCalls: number;
  readonly tokens: TokenCounts;
  /** Absent where no call was billed in anything but tokens. */
  readonly units?: UnitCounts;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
}

/** A running sum of calls. */
export class TotalsCounter {
  #calls = 0;
  #openCalls = 0;
  #billedCalls = 0;
  #input = 0;
  #cachedInput = 0;
  #output = 0;
  #reasoning = 0;
  #units: UnitCounts = {};
  readonly #outcomes = new Map<Outcome, number>();

  countOpened(): void {
    this.#calls += 1;
    this.#openCalls += 1;
  }

  countClosed({ outcome, billedTokens, billedUnits }: ClosedCall): void {
    this.#openCalls -= 1;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (billedTokens === null) return;
    this.#billedCalls += 1;
    this.#addTokens(billedTokens);
    this.#units = addUnits(this.#units, billedUnits ?? {});
  }

  add(totals: LedgerTotals): void {
    this.#calls += totals.calls;
    this.#openCalls += totals.openCalls;
    this.#billedCalls += totals.billedCalls;
    this.#addTokens(totals.tokens);
    this.#units = addUnits(this.#units, totals.units ?? {});
    for (const [outcome, count] of Object.entries(totals.outcomes) as [Outcome, number][]) {
      this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + count);
    }
  }

  read(): LedgerTotals {
    return {
      calls: this.#calls,
      openCalls: this.#openCalls,
      billedCalls: this.#billedCalls,
      tokens: { input: this.#input, cachedInput: this.#cachedInput, output: this.#output, reasoning: this.#reasoning },
      ...(Object.keys(this.#units).length === 0 ? {} : { units: this.#units }),
      outcomes: Object.fromEntries(this.#outcomes),
    };
  }

  #addTokens(tokens: TokenCounts): void {
    this.#input += tokens.input;
    this.#cachedInput += tokens.cachedInput;
    this.#output += tokens.output;
    this.#reasoning += tokens.reasoning;
  }
}
