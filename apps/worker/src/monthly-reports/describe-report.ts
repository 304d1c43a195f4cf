import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import type { Mail } from "../alerts/mail-sender.ts";
import type { ReportToDeliver } from "./report-delivery.repository.ts";

const usd = (picoUsd: string): string => formatUsd(parsePicoUsd(picoUsd));
const shortUsd = (picoUsd: string): string => `$${formatUsd(parsePicoUsd(picoUsd), 2)}`;

/** A report as webhooks get it: what it came to, and where to ask for the rest. */
export function reportBody({ reportId, teamId, month, version, timeZone, content }: ReportToDeliver): object {
  return {
    type: "monthly_report.made",
    reportId,
    team: { id: teamId, name: content.teamName },
    month,
    version,
    timeZone,
    totalUsd: usd(content.totals.costPicoUsd),
    previousTotalUsd: usd(content.previous.costPicoUsd),
    requests: content.totals.requests,
    anomalies: content.anomalies.length,
    path: `/api/reports/monthly/${reportId}`,
  };
}

/** The same for people. */
export function reportMail({ reportId, month, version, timeZone, content, mailTo }: ReportToDeliver): Mail {
  // A name with a line's end would begin a header of its own in a lesser mailer.
  const team = content.teamName.replace(/\s+/g, " ");
  const { totals, previous, cacheSavedPicoUsd, budgets, anomalies } = content;
  const again = version > 1 ? ` (version ${version}: its figures have changed)` : "";
  return {
    to: mailTo,
    subject: `${team}: ${shortUsd(totals.costPicoUsd)} in ${month}${again}`,
    text: [
      `${team} spent ${shortUsd(totals.costPicoUsd)} in ${month} (${timeZone})${again}.`,
      "",
      `Month before:  ${shortUsd(previous.costPicoUsd)}`,
      `Requests:      ${totals.requests} (${previous.requests} the month before)`,
      ...(cacheSavedPicoUsd === null ? [] : [`Saved by cache: ${shortUsd(cacheSavedPicoUsd)}`]),
      ...section("Models", content.models.top),
      ...section("Keys", content.virtualKeys.top),
      ...(budgets.length === 0 ? [] : ["", "Budgets"]),
      ...budgets.map(
        (budget) => `  ${budget.name}: ${shortUsd(budget.usedPicoUsd)} of ${shortUsd(budget.limitPicoUsd)}`,
      ),
      ...(anomalies.length === 0 ? [] : ["", "Out of the ordinary"]),
      ...anomalies.map(
        ({ day, kind, actualPicoUsd, usualPicoUsd }) =>
          `  ${day}: ${shortUsd(actualPicoUsd)} ${kind === "spike" ? "on the day" : "in seven days"}, usually ${shortUsd(usualPicoUsd)}`,
      ),
      "",
      "The whole report is in the dashboard, under Reports.",
      `Report ${reportId}`,
    ].join("\n"),
  };
}

const mostLines = 5;

function section(title: string, spenders: readonly { name: string; costPicoUsd: string }[]): string[] {
  if (spenders.length === 0) return [];
  return ["", title, ...spenders.slice(0, mostLines).map((own) => `  ${own.name}: ${shortUsd(own.costPicoUsd)}`)];
}
