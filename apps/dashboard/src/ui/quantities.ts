/** How numbers read on screen: always with a unit, never more precise than they are. Amounts stay exact strings until here. */
import { parseUsd } from "@switchyard/metering/pico-usd";

const microUsd = 1_000_000n;

/**
 * Dollars for people. Cents from one dollar up; below that up to six decimals, so that a small spend does not read as
 * zero; "< $0.000001" for what is smaller. The exact amount belongs in a tooltip or the export.
 */
export function showUsd(exact: string): string {
  const pico = parseUsd(exact);
  const sign = pico < 0n ? "−" : "";
  const absolute = pico < 0n ? -pico : pico;
  if (absolute === 0n) return "$0.00";
  if (absolute < microUsd) return `${sign}< $0.000001`;
  // At most 15 significant digits below a trillion dollars: exact enough to show, and only shown.
  const dollars = Number(absolute) / 1e12;
  const fractionDigits = dollars >= 1 ? 2 : dollars >= 0.01 ? 4 : 6;
  return `${sign}$${dollars.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: fractionDigits })}`;
}

/** Dollars as a number, for the length of a bar or the height of a point; never for adding up. */
export function plotUsd(exact: string): number {
  return Number(parseUsd(exact)) / 1e12;
}

export function showCount(count: number | bigint): string {
  return count.toLocaleString("en-US");
}

export function showShare(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (part / whole) * 100;
  return `${share.toLocaleString("en-US", { maximumFractionDigits: share < 10 ? 2 : 1 })} %`;
}

/** Milliseconds below a second, seconds above, minutes from two minutes on. */
export function showDuration(milliseconds: number | null): string {
  if (milliseconds === null) return "–";
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${(milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  return `${(milliseconds / 60_000).toFixed(1)} min`;
}

const dateTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const shortDate = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** The viewer's own time zone; put the ISO instant beside it as a title. */
export function showInstant(iso: string): string {
  return dateTime.format(new Date(iso));
}

export function showDay(iso: string): string {
  return shortDate.format(new Date(iso));
}
