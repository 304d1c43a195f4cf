import type { Budget } from "@switchyard/api-contract/quotas";
import { showUsd } from "../../ui/quantities.ts";
import { sharesOf } from "./budget-shares.ts";
import classes from "./budgets.module.css";

/** Used, held and forecast as parts of a limit. */
export function BudgetBar({
  budget,
  label = "",
}: {
  budget: Pick<Budget, "limitUsd" | "raise" | "state">;
  label?: string;
}) {
  const { used, held, forecast, tone } = sharesOf(budget);
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const summary = `${label}${showUsd(budget.state.usedUsd)} used and ${showUsd(budget.state.heldUsd)} held of ${showUsd(budget.limitUsd)}`;
  return (
    <figure className={classes.bar} aria-label={summary}>
      <div className={classes.used} data-tone={tone} style={{ width: percent(used) }} />
      <div className={classes.held} style={{ width: percent(held) }} />
      {forecast !== null && forecast <= 1 && (
        <div className={classes.forecast} style={{ left: percent(forecast) }} aria-hidden />
      )}
    </figure>
  );
}
