/** How a target's calls have ended since its process began: sums that only grow, so that two looks give what lies between. */
export interface AnswerTally {
  /** Ended in an answer, or in a failure that speaks against the target. */
  readonly ended: number;
  readonly failed: number;
  /** Streams and whole answers apart: the one is timed to its first token, the other to its end. */
  readonly firstTokens: Durations;
  readonly wholeAnswers: Durations;
}

export interface Durations {
  readonly count: number;
  /** Sum of the natural logarithms of milliseconds: their mean gives the geometric mean, which one odd call hardly moves. */
  readonly logSum: number;
}

export const noDurations: Durations = { count: 0, logSum: 0 };
export const emptyTally: AnswerTally = { ended: 0, failed: 0, firstTokens: noDurations, wholeAnswers: noDurations };

/** What came between two looks at one target. */
export function tallyBetween(now: AnswerTally, before: AnswerTally): AnswerTally {
  const durations = (kind: "firstTokens" | "wholeAnswers"): Durations => ({
    count: now[kind].count - before[kind].count,
    logSum: now[kind].logSum - before[kind].logSum,
  });
  return {
    ended: now.ended - before.ended,
    failed: now.failed - before.failed,
    firstTokens: durations("firstTokens"),
    wholeAnswers: durations("wholeAnswers"),
  };
}

export function withDuration({ count, logSum }: Durations, durationMs: number): Durations {
  return { count: count + 1, logSum: logSum + Math.log(Math.max(1, durationMs)) };
}

/** What calls typically take, in milliseconds; null below so many of them. */
export function typicalMs({ count, logSum }: Durations, fewest: number): number | null {
  return count < fewest || count === 0 ? null : Math.exp(logSum / count);
}
