/** How numbers read on screen: always with a unit, never more precise than they are. Amounts stay exact strings until here. */
import { formatUsd, parseUsd } from "@switchyard/metering/pico-usd";

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

/** Every digit that the amount has, thousands grouped: "$1,234.000000250001". */
export function showExactUsd(exact: string): string {
  const [whole = "0", fraction] = formatUsd(parseUsd(exact), 2).split(".");
  const isNegative = whole.startsWith("-");
  const grouped = BigInt(whole).toLocaleString("en-US").replace("-", "");
  return `${isNegative ? "−" : ""}$${grouped}.${fraction}`;
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

const dayAndTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** For dense lists: day and time without the year, in the viewer's own zone. */
export function showTime(iso: string): string {
  return dayAndTime.format(new Date(iso));
}

/** The viewer's own time zone; put the ISO instant beside it as a title. */
export function showInstant(iso: string): string {
  return dateTime.format(new Date(iso));
}

function showDay(iso: string): string {
  return shortDate.format(new Date(iso));
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** "3 min ago", "in 2 days", "just now"; beyond a month the day itself. */
export function showAgo(iso: string, nowMs: number): string {
  const distance = nowMs - Date.parse(iso);
  const span = Math.abs(distance);
  if (span < minuteMs) return "just now";
  if (span >= 30 * dayMs) return showDay(iso);
  const text =
    span < hourMs
      ? `${Math.floor(span / minuteMs)} min`
      : span < 2 * dayMs
        ? `${Math.floor(span / hourMs)} h`
        : `${Math.floor(span / dayMs)} days`;
  return distance > 0 ? `${text} ago` : `in ${text}`;
}

/** Bytes in the unit that fits: "48.2 MB". */
export function showBytes(bytes: number | bigint): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString("en-US", { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}
