/** How what the fleet knows and what one process has seen since make one belief, without counting anything twice. */

export interface EvidenceSums {
  readonly successes: number;
  readonly failures: number;
  readonly outputTokens: number;
}

export const noEvidence: EvidenceSums = { successes: 0, failures: 0, outputTokens: 0 };

/** However much is known, it counts as at most so many trials, so that a target that has changed is believed in time. */
export const mostTrials = 2_000;

/**
 * What of a process's own observations the fleet's facts do not hold yet, once newer facts came: they hold all that they
 * held before and what was added between the two. Never negative, also where a process has forgotten some of its own.
 */
export function stillUnseen(unseen: EvidenceSums, heldNow: EvidenceSums, heldBefore: EvidenceSums): EvidenceSums {
  const left = (key: keyof EvidenceSums): number =>
    Math.max(0, unseen[key] - Math.max(0, heldNow[key] - heldBefore[key]));
  return { successes: left("successes"), failures: left("failures"), outputTokens: left("outputTokens") };
}

/** Both together. Where that is more than counts, the fleet's part, which is older, gives way first; its shares stay. */
export function combineEvidence(fleet: EvidenceSums, unseen: EvidenceSums): EvidenceSums {
  const own = scaledTo(unseen, mostTrials);
  const prior = scaledTo(fleet, mostTrials - trialsOf(own));
  return {
    successes: prior.successes + own.successes,
    failures: prior.failures + own.failures,
    outputTokens: prior.outputTokens + own.outputTokens,
  };
}

export function trialsOf({ successes, failures }: EvidenceSums): number {
  return successes + failures;
}

function scaledTo(sums: EvidenceSums, most: number): EvidenceSums {
  const trials = trialsOf(sums);
  if (trials <= most) return sums;
  const scale = Math.max(0, most) / trials;
  return {
    successes: sums.successes * scale,
    failures: sums.failures * scale,
    outputTokens: sums.outputTokens * scale,
  };
}
