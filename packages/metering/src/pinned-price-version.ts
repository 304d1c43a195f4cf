import type { PriceVersion } from "./price-version.ts";

/**
 * The version that prices calls on a connection at an instant (epoch ms): a version of that connection before a general
 * one, then the newest in effect, then the later in the list. Null when none is in effect: the model is unpriced there.
 * Admission pins it in the hold, so that a price change never reaches a call that is under way.
 */
export function pinnedPriceVersion(
  prices: readonly PriceVersion[],
  connectionId: string,
  atMs: number,
): PriceVersion | null {
  let pinned: PriceVersion | null = null;
  for (const version of prices) {
    if (version.effectiveFromMs > atMs) continue;
    if (version.connectionId !== null && version.connectionId !== connectionId) continue;
    if (pinned === null || isPreferred(version, pinned)) pinned = version;
  }
  return pinned;
}

function isPreferred(candidate: PriceVersion, current: PriceVersion): boolean {
  if ((candidate.connectionId === null) !== (current.connectionId === null)) return candidate.connectionId !== null;
  return candidate.effectiveFromMs >= current.effectiveFromMs;
}
