/** What a receipt adds up to. Sums are integers of pico-USD from the first to the last addition. */
import type { Receipt } from "@switchyard/api-contract/requests";
import { formatUsd, parseUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";

type Attempt = Receipt["attemptDetails"][number];

export interface ReceiptSums {
  readonly heldUsd: string;
  readonly costUsd: string;
  readonly correctedUsd: string;
  /** Cost with corrections: what the ledger holds for the call. */
  readonly totalUsd: string;
}

export function sumReceipt(attempts: readonly Pick<Attempt, "heldUsd" | "costUsd" | "correctedUsd">[]): ReceiptSums {
  const held = sumPicoUsd(attempts.map(({ heldUsd }) => parseUsd(heldUsd)));
  const cost = sumPicoUsd(attempts.map(({ costUsd }) => parseUsd(costUsd)));
  const corrected = sumPicoUsd(attempts.map(({ correctedUsd }) => parseUsd(correctedUsd)));
  return {
    heldUsd: formatUsd(held),
    costUsd: formatUsd(cost),
    correctedUsd: formatUsd(corrected),
    totalUsd: formatUsd(sumPicoUsd([cost, corrected])),
  };
}

export interface BudgetCharge {
  readonly id: string;
  readonly name: string;
  readonly heldUsd: string;
  readonly chargedUsd: string;
}

/** Each budget once, with what all attempts of the call held and charged. */
export function sumBudgets(attempts: readonly Pick<Attempt, "budgets">[]): BudgetCharge[] {
  const byId = new Map<string, BudgetCharge>();
  for (const budget of attempts.flatMap(({ budgets }) => budgets)) {
    const before = byId.get(budget.id);
    const add = (field: "heldUsd" | "chargedUsd") =>
      formatUsd(sumPicoUsd([parseUsd(before?.[field] ?? "0"), parseUsd(budget[field])]));
    byId.set(budget.id, { id: budget.id, name: budget.name, heldUsd: add("heldUsd"), chargedUsd: add("chargedUsd") });
  }
  return [...byId.values()];
}
