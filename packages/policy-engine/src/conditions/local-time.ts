/**
 * The wall clock of a time zone, in minutes. Formatters are kept, because making one costs a hundred times its use, and so
 * is what each said last, because using one costs as much as the rest of a decision.
 */
interface ZoneClock {
  readonly formatter: Intl.DateTimeFormat;
  /** Counted from 1970: what `time` is the local time of. */
  minute: number;
  time: LocalTime;
}

const clocks = new Map<string, ZoneClock | null>();
const mostClocks = 600;
const minuteMs = 60_000;
const weekdays: { readonly [name: string]: number } = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

export interface LocalTime {
  /** 1 is Monday. */
  readonly weekday: number;
  readonly minuteOfDay: number;
}

/** Null where there is no such zone, or no such instant. Never throws. */
export function localTime(timeZone: string, epochMs: number): LocalTime | null {
  const clock = clockOf(timeZone);
  if (clock === null || !(Math.abs(epochMs) <= 8.64e15)) return null;
  // Offsets from UTC have been whole minutes for as long as anybody calls a gateway.
  const minute = Math.floor(epochMs / minuteMs);
  if (clock.minute !== minute) {
    clock.time = readTime(clock.formatter, epochMs);
    clock.minute = minute;
  }
  return clock.time;
}

function readTime(formatter: Intl.DateTimeFormat, epochMs: number): LocalTime {
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

function clockOf(timeZone: string): ZoneClock | null {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  let made: ZoneClock | null = null;
  try {
    const formatter = new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    made = { formatter, minute: 0, time: readTime(formatter, 0) };
  } catch {
    // Validation refuses such a zone; here it is one in which it is never any time.
  }
  if (clocks.size < mostClocks) clocks.set(timeZone, made);
  return made;
}
