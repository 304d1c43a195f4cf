/** When a limit is whole again, in all the ways in which providers write it. */

const amounts: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Larger numbers are no durations but instants, counted from 1970 in seconds or in milliseconds. */
const smallestInstantSeconds = 1_000_000_000;
const smallestInstantMs = 1_000_000_000_000;

/**
 * `1s`, `6m0s`, `120ms`, a number of seconds, or an instant; null for anything else. No limit takes longer to be whole than
 * its period: Azure tells some resets in milliseconds without saying so, but always the period, in seconds.
 */
export function readResetMs(
  value: string | readonly string[] | undefined,
  period: string | readonly string[] | undefined,
  nowMs: number,
): number | null {
  if (typeof value !== "string" || value.length > 40) return null;
  // Most are one amount and its unit, and this runs for every answer.
  const one = /^(\d+(?:\.\d+)?)(ms|[smhd])?$/.exec(value);
  if (one !== null) return readOne(Number(one[1]), one[2], period, nowMs);
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(value)) {
    let sum = 0;
    for (const [, amount, unit = ""] of value.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g))
      sum += Number(amount) * (amounts[unit] ?? 0);
    return sum;
  }
  const instantMs = Date.parse(value);
  return Number.isNaN(instantMs) ? null : Math.max(0, instantMs - nowMs);
}

function readOne(
  amount: number,
  unit: string | undefined,
  period: string | readonly string[] | undefined,
  nowMs: number,
): number {
  if (unit !== undefined) return amount * (amounts[unit] ?? 0);
  if (amount >= smallestInstantMs) return Math.max(0, amount - nowMs);
  if (amount >= smallestInstantSeconds) return Math.max(0, amount * 1_000 - nowMs);
  const periodSeconds = typeof period === "string" && /^\d{1,6}$/.test(period) ? Number(period) : Infinity;
  return amount > periodSeconds ? amount : amount * 1_000;
}
