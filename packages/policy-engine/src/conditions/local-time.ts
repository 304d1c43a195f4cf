/** The wall clock of a time zone, in minutes. Formatters are kept, because making one costs a hundred times its use. */
const formatters = new Map<string, Intl.DateTimeFormat | null>();
const mostFormatters = 600;
const weekdays: { readonly [name: string]: number } = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

export interface LocalTime {
  /** 1 is Monday. */
  readonly weekday: number;
  readonly minuteOfDay: number;
}

/** Null where there is no such zone, or no such instant. Never throws. */
export function localTime(timeZone: string, epochMs: number): LocalTime | null {
  const formatter = formatterOf(timeZone);
  if (formatter === null || !(Math.abs(epochMs) <= 8.64e15)) return null;
  let weekday = 0;
  let hour = 0;
  let minute = 0;
  for (const { type, value } of formatter.formatToParts(epochMs)) {
    if (type === "weekday") weekday = weekdays[value] ?? 0;
    else if (type === "hour") hour = Number(value);
    else if (type === "minute") minute = Number(value);
  }
  return { weekday, minuteOfDay: hour * 60 + minute };
}

function formatterOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null = null;
  try {
    made = new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  } catch {
    // Validation refuses such a zone; here it is one in which it is never any time.
  }
  if (formatters.size < mostFormatters) formatters.set(timeZone, made);
  return made;
}
