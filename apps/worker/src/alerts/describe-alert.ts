import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import type { BudgetAlert } from "./alert.repository.ts";
import type { Mail } from "./mail-sender.ts";

/** An alert as webhooks get it. */
export function alertBody(alert: BudgetAlert): object {
  return {
    type: "budget.threshold_passed",
    alertId: alert.alertId,
    at: alert.createdAt.toISOString(),
    budget: { id: alert.budgetId, name: alert.budgetName, scope: { type: alert.scopeType, id: alert.scopeId } },
    thresholdPct: alert.thresholdPct,
    usedUsd: formatUsd(parsePicoUsd(alert.usedPicoUsd)),
    limitUsd: formatUsd(parsePicoUsd(alert.limitPicoUsd)),
  };
}

/** The same for people. */
export function alertMail(alert: BudgetAlert): Mail {
  const used = formatUsd(parsePicoUsd(alert.usedPicoUsd), 2);
  const limit = formatUsd(parsePicoUsd(alert.limitPicoUsd), 2);
  // A name with a line's end would begin a header of its own in a lesser mailer.
  const name = alert.budgetName.replace(/\s+/g, " ");
  return {
    subject: `Budget "${name}" passed ${alert.thresholdPct} %`,
    text: [
      `The budget "${name}" passed ${alert.thresholdPct} % of its limit.`,
      "",
      `Used:  $${used}`,
      `Limit: $${limit}`,
      `Scope: ${alert.scopeType} ${alert.scopeId}`,
      `Time:  ${alert.createdAt.toISOString()}`,
      "",
      `Alert ${alert.alertId}`,
    ].join("\n"),
  };
}
