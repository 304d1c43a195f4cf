/** When each attempt of a call began and ended, as shares of the whole call. */
import type { Receipt } from "@switchyard/api-contract/requests";

export interface TimelineBar {
  readonly attemptId: string;
  readonly attemptNumber: number;
  readonly label: string;
  /** Percent of the call's duration. */
  readonly start: number;
  readonly width: number;
  /** Share of the bar until the first token; null where no token came or it was not measured. */
  readonly firstToken: number | null;
  readonly durationMs: number;
}

const leastWidth = 0.5;
const percent = (part: number, whole: number): number => Math.min(100, Math.max(0, (part / whole) * 100));

export function timelineOf(receipt: Pick<Receipt, "startedAt" | "durationMs" | "attemptDetails">): TimelineBar[] {
  const origin = Date.parse(receipt.startedAt);
  // Clocks have millisecond steps: an attempt may seem to end after its call.
  const ends = receipt.attemptDetails.map(({ startedAt, durationMs }) => Date.parse(startedAt) - origin + durationMs);
  const whole = Math.max(receipt.durationMs, ...ends, 1);
  return receipt.attemptDetails.map((attempt) => {
    const start = percent(Date.parse(attempt.startedAt) - origin, whole);
    return {
      attemptId: attempt.attemptId,
      attemptNumber: attempt.attemptNumber,
      label: `${attempt.connectionName} / ${attempt.providerModel}`,
      start: Math.min(start, 100 - leastWidth),
      width: Math.max(leastWidth, Math.min(percent(attempt.durationMs, whole), 100 - start)),
      firstToken:
        attempt.timeToFirstTokenMs === null || attempt.durationMs === 0
          ? null
          : percent(attempt.timeToFirstTokenMs, attempt.durationMs),
      durationMs: attempt.durationMs,
    };
  });
}
