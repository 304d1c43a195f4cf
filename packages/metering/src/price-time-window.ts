import type { PriceLine } from "./price-version.ts";

/** Minutes since midnight UTC, end exclusive; wraps past midnight where the end is below the start. */
export type TimeWindow = NonNullable<PriceLine["timeWindow"]>;

const timePattern = /^(\d{2}):(\d{2}):00(?:Z|([+-])(\d{2}):(\d{2}))$/;
const minutesPerDay = 1440;

/** Reads a window of two times with offset ("16:30:00Z", "08:00:00+08:00"); null unless both are whole minutes. */
export function parseTimeWindow(startTime: string, endTime: string): TimeWindow | null {
  const startMinute = parseMinuteUtc(startTime);
  const endMinute = parseMinuteUtc(endTime);
  // The data set means an empty window by equal times; ours has no way to say so, and no use for one.
  if (startMinute === null || endMinute === null || startMinute === endMinute) return null;
  return { startMinute, endMinute: endMinute === 0 ? minutesPerDay : endMinute };
}

/** Whether any minute of the day lies in both windows. */
export function windowsOverlap(left: TimeWindow, right: TimeWindow): boolean {
  return partsOf(left).some(([leftStart, leftEnd]) =>
    partsOf(right).some(([rightStart, rightEnd]) => leftStart < rightEnd && rightStart < leftEnd),
  );
}

function partsOf({ startMinute, endMinute }: TimeWindow): [start: number, end: number][] {
  if (startMinute <= endMinute) return [[startMinute, endMinute]];
  return [
    [startMinute, minutesPerDay],
    [0, endMinute],
  ];
}

function parseMinuteUtc(time: string): number | null {
  const match = timePattern.exec(time);
  if (!match) return null;
  const [, hours = "", minutes = "", sign, offsetHours = "0", offsetMinutes = "0"] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === "-" ? -1 : 1);
  const minute = Number(hours) * 60 + Number(minutes) - offset;
  return ((minute % minutesPerDay) + minutesPerDay) % minutesPerDay;
}
