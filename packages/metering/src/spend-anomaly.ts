/**
 * Whether spend departs from its own history. Thresholds are set so that a weekly rhythm, a monthly batch of modest size
 * and pennies raise no flag: a flag that is often wrong is one that nobody reads.
 */
import { picoUsd, type PicoUsd } from "./pico-usd.ts";

export interface SpendAnomaly {
  /** `spike`: yesterday alone, such as a stress test or a loop of retries. `growth`: the last seven days, day by day. */
  readonly kind: "spike" | "growth";
  /** Of the day, or of the seven days. */
  readonly actualPicoUsd: PicoUsd;
  /** The median day, or the median week, of the history before. */
  readonly usualPicoUsd: PicoUsd;
}

const daysPerWeek = 7;
const leastHistoryDays = 14;
const mostHistoryDays = 28;
const dollar = 10n ** 12n;
const leastSpikePicoUsd = dollar;
const leastGrowthPicoUsd = 5n * dollar;
/** About four standard deviations of a normal distribution, in median absolute deviations. */
const spikeDeviations = 6n;

/**
 * Judges the last of `completeDays` (spend per day, UTC, oldest first, from the first day there was any) by up to 28 days
 * before it, and the last seven by the weeks before them. Null when nothing is unusual or there are less than 14 days to
 * judge by. A spike is reported before growth.
 */
export function findSpendAnomaly(completeDays: readonly PicoUsd[]): SpendAnomaly | null {
  return findSpike(completeDays) ?? findGrowth(completeDays);
}

/**
 * A spike is more than twice the median day, six median absolute deviations above it, a dollar more at least, and more
 * than twice what the same weekday cost in any week looked at.
 */
function findSpike(completeDays: readonly PicoUsd[]): SpendAnomaly | null {
  const actual = completeDays.at(-1);
  const history = completeDays.slice(0, -1).slice(-mostHistoryDays);
  if (actual === undefined || history.length < leastHistoryDays) return null;
  const usual = median(history);
  const deviation = median(history.map((day) => (day > usual ? day - usual : usual - day)));
  const sameWeekdays = history.filter((_day, index) => (history.length - index) % daysPerWeek === 0);
  const isSpike =
    actual > 2n * usual &&
    actual > usual + spikeDeviations * deviation &&
    actual - usual >= leastSpikePicoUsd &&
    sameWeekdays.every((day) => actual > 2n * day);
  return isSpike ? { kind: "spike", actualPicoUsd: actual, usualPicoUsd: picoUsd(usual) } : null;
}

/** Growth is half as much again as the median week, five dollars more at least, and not the work of one day. */
function findGrowth(completeDays: readonly PicoUsd[]): SpendAnomaly | null {
  const week = completeDays.slice(-daysPerWeek);
  const history = completeDays.slice(0, -daysPerWeek);
  const weeks = Math.floor(Math.min(mostHistoryDays, history.length) / daysPerWeek);
  if (week.length < daysPerWeek || history.length < leastHistoryDays) return null;
  const earlier = Array.from({ length: weeks }, (_, index) => {
    const end = history.length - index * daysPerWeek;
    return sum(history.slice(end - daysPerWeek, end));
  });
  const usual = median(earlier);
  const actual = sum(week);
  const withoutDearest = actual - week.reduce((dearest, day) => (day > dearest ? day : dearest));
  const isGrowth =
    2n * actual > 3n * usual &&
    actual - usual >= leastGrowthPicoUsd &&
    // Six days of it against six days of a usual week.
    2n * withoutDearest * BigInt(daysPerWeek) > 3n * usual * BigInt(daysPerWeek - 1);
  return isGrowth ? { kind: "growth", actualPicoUsd: picoUsd(actual), usualPicoUsd: picoUsd(usual) } : null;
}

/** The lower one of the two in the middle where their number is even, so that it is an amount that occurred. */
function median(amounts: readonly bigint[]): bigint {
  const inOrder = amounts.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return inOrder[Math.floor((inOrder.length - 1) / 2)] ?? 0n;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
