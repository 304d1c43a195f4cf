const firstDelayMs = 250;
const longestDelayMs = 15_000;

/** How long a process must have run before its earlier failures no longer count. */
export const stableAfterMs = 30_000;

/**
 * How long to wait before the next start after `failures` failures in a row (1 or more): doubled each time up to 15
 * seconds, spread over its upper half by `random` (0 to 1) so that several processes do not restart in step.
 */
export function restartDelayMs(failures: number, random: number): number {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 16));
  return Math.round(delayMs * (0.5 + random / 2));
}
