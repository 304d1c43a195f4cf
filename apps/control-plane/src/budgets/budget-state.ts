import type { Budget } from "@switchyard/api-contract/quotas";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { instant } from "../database/instant.ts";
import type { QuotaState } from "../quotas/quota.repository.ts";

/** A forecast from less of the window than this would be a guess. */
const leastElapsedPercent = 2n;

/** What is used, held and left of a budget in its running window, and where it is heading. */
export function describeBudgetState(limit: bigint, period: string, state: QuotaState, now: Date): Budget["state"] {
  const used = state.settled + state.overrun;
  const left = limit - used - state.leased - state.unreconciled;
  return {
    windowStart: period === "total" ? null : instant(state.windowStart),
    nextReset: instant(state.windowEnd),
    usedUsd: formatUsd(picoUsd(used)),
    heldUsd: formatUsd(picoUsd(state.leased)),
    unreconciledUsd: formatUsd(picoUsd(state.unreconciled)),
    remainingUsd: formatUsd(picoUsd(left > 0n ? left : 0n)),
    forecastUsd: forecast(used, state, now),
  };
}

/** The spend at the end of the window if it goes on as it went so far: an estimate in whole cents, never below what is used. */
function forecast(used: bigint, { windowStart, windowEnd }: QuotaState, now: Date): string | null {
  if (windowEnd === null) return null;
  const elapsedMs = BigInt(now.getTime() - windowStart.getTime());
  const wholeMs = BigInt(windowEnd.getTime() - windowStart.getTime());
  if (elapsedMs * 100n < wholeMs * leastElapsedPercent) return null;
  const cent = 10n ** 10n;
  const atEnd = ((used * wholeMs) / elapsedMs / cent) * cent;
  return formatUsd(picoUsd(atEnd > used ? atEnd : used));
}
