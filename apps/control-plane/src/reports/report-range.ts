import { ControlPlaneError } from "../errors/control-plane-error.ts";

export interface ReportRange {
  readonly from: Date;
  readonly to: Date;
}

const hourMs = 3_600_000;
const longestRangeMs = 366 * 24 * hourMs;

/**
 * The stretch that a report covers: whole hours, because roll-ups are hourly. Ledger figures are cut the same way, so
 * that every report and export of one range adds up to the same amount.
 */
export function wholeHours(range: { readonly from: string; readonly to: string }): ReportRange {
  return alignRange(range, hourMs);
}

export function alignRange(range: { readonly from: string; readonly to: string }, stepMs: number): ReportRange {
  const fromMs = Date.parse(range.from);
  const toMs = Date.parse(range.to);
  if (toMs <= fromMs) throw invalid("must lie after `from`");
  if (toMs - fromMs > longestRangeMs) throw invalid("must lie at most 366 days after `from`");
  return { from: new Date(Math.floor(fromMs / stepMs) * stepMs), to: new Date(Math.ceil(toMs / stepMs) * stepMs) };
}

/** The stretch of equal length that ends where this one begins. */
export function periodBefore({ from, to }: ReportRange): ReportRange {
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from };
}

function invalid(message: string): ControlPlaneError {
  return new ControlPlaneError("validation_failed", { problems: [{ path: "to", code: "invalid_range", message }] });
}
