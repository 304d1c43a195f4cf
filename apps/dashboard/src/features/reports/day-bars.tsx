import type { MonthlyReportContent } from "@switchyard/api-contract/monthly-reports";
import { plotUsd, showUsd } from "../../ui/quantities.ts";
import classes from "./reports.module.css";

/** Spend by day, drawn as markup: it prints. */
export function DayBars({ days }: { days: MonthlyReportContent["days"] }) {
  const most = Math.max(...days.map(({ costUsd }) => plotUsd(costUsd)), 0);
  if (most === 0) return null;
  const dearest = days.find(({ costUsd }) => plotUsd(costUsd) === most);
  return (
    <figure
      className={classes.days}
      aria-label={`Spend by day; the dearest is ${dearest?.day}, ${showUsd(dearest?.costUsd ?? "0")}`}
    >
      <div className={classes.columns} aria-hidden>
        {days.map(({ day, costUsd }) => (
          <div key={day} className={classes.column} title={`${day}: ${showUsd(costUsd)}`}>
            <div className={classes.bar} style={{ height: `${(100 * plotUsd(costUsd)) / most}%` }} />
          </div>
        ))}
      </div>
      <figcaption className={classes.ends}>
        <span>{days[0]?.day}</span>
        <span>{days.at(-1)?.day}</span>
      </figcaption>
    </figure>
  );
}
