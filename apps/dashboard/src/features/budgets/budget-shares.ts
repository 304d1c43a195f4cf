/** Where a budget's money is, as shares of its limit, for drawing. */
import type { Budget } from "@switchyard/api-contract/quotas";
import { parseUsd } from "@switchyard/metering/pico-usd";

export interface BudgetShares {
  readonly used: number;
  readonly held: number;
  /** Of the limit; above 1 when the window is expected to end beyond it. Null when nothing can be said. */
  readonly forecast: number | null;
  readonly tone: "good" | "warning" | "bad";
}

const warningShare = 0.8;

/** A limit of zero counts as used up. Shares of what fits are capped at the bar's length. */
export function sharesOf(budget: Pick<Budget, "limitUsd" | "raise" | "state">): BudgetShares {
  const limit = parseUsd(budget.limitUsd) + parseUsd(budget.raise?.amountUsd ?? "0");
  const { usedUsd, heldUsd, unreconciledUsd, forecastUsd } = budget.state;
  const of = (usd: string): number => (limit === 0n ? 1 : Number((parseUsd(usd) * 1_000_000n) / limit) / 1_000_000);
  const used = of(usedUsd);
  const held = of(heldUsd) + of(unreconciledUsd);
  const forecast = forecastUsd === null ? null : of(forecastUsd);
  const tone = used >= 1 ? "bad" : used >= warningShare || (forecast ?? 0) > 1 ? "warning" : "good";
  const shownUsed = Math.min(used, 1);
  return { used: shownUsed, held: Math.min(limit === 0n ? 0 : held, 1 - shownUsed), forecast, tone };
}
