/**
 * What another limit would do to a budget, from what is used now and what its scope has spent a day lately. Amounts are exact
 * decimal dollars; nothing here is sent anywhere.
 */
import type { Budget } from "@switchyard/api-contract/quotas";
import { formatUsd, parseUsd, picoUsd } from "@switchyard/metering/pico-usd";

export interface Prospect {
  /** At the end of the window; null for a budget without an end, or where nothing is known of its days. */
  readonly forecastUsd: string | null;
  /** `now`: a call would be refused at once. `later`: at the pace of the last days, before the window ends. */
  readonly verdict: "now" | "later" | "fits" | "unknown";
  /** When the limit is reached at that pace (epoch ms); null where it is not, or not within a year. */
  readonly reachedAtMs: number | null;
}

const dayMs = 86_400_000;
const farAwayMs = 366 * dayMs;

/** `limitUsd`: the limit to try; a raise that is in force counts on top of it. */
export function prospectOf(
  budget: Pick<Budget, "raise" | "state">,
  limitUsd: string,
  dailyUsd: string | null,
  nowMs: number,
): Prospect {
  const { usedUsd, heldUsd, unreconciledUsd, nextReset } = budget.state;
  const limit = parseUsd(limitUsd) + parseUsd(budget.raise?.amountUsd ?? "0");
  const used = parseUsd(usedUsd);
  const left = limit - used - parseUsd(heldUsd) - parseUsd(unreconciledUsd);
  const endsInMs = nextReset === null ? null : Math.max(0, Date.parse(nextReset) - nowMs);
  const daily = dailyUsd === null ? null : parseUsd(dailyUsd);
  const atEnd =
    daily === null || endsInMs === null ? null : used + (daily * BigInt(Math.round(endsInMs))) / BigInt(dayMs);
  const forecastUsd = atEnd === null ? null : formatUsd(picoUsd(atEnd));
  if (left <= 0n) return { forecastUsd, verdict: "now", reachedAtMs: nowMs };
  if (daily === null) return { forecastUsd, verdict: "unknown", reachedAtMs: null };
  if (daily === 0n) return { forecastUsd, verdict: "fits", reachedAtMs: null };
  const inMs = Number(((limit - used) * BigInt(dayMs)) / daily);
  const isReached = inMs <= (endsInMs ?? farAwayMs);
  return { forecastUsd, verdict: isReached ? "later" : "fits", reachedAtMs: isReached ? nowMs + inMs : null };
}
