import type { FailureClass } from "@switchyard/metering/usage-event";
import type { SeededDraws } from "../routing/seeded-draws.ts";
import { type AnswerTally, noDurations, withDuration } from "./answer-tally.ts";
import { abandonTrial, type Circuit, closeCircuit, closedCircuit, openCircuit } from "./circuit.ts";
import { failureRules } from "./failure-rule.ts";
import { Lateness } from "./lateness.ts";
import { LatencySketch } from "./latency-sketch.ts";
import type { ProviderBucket } from "./provider-bucket.ts";
import { SlidingCounts } from "./sliding-counts.ts";

/** How an attempt ended. */
export interface AttemptHealth {
  /** Null: it was answered. */
  readonly failure: FailureClass | null;
  /** From sending to the first token of a stream; null for an answer that comes whole. */
  readonly firstTokenMs: number | null;
  /** From sending to the end. */
  readonly totalMs: number;
  /** What the provider asked for; null when it asked for nothing. */
  readonly retryAfterMs: number | null;
}

/** The longest that a provider's `Retry-After` is obeyed; after that it is asked again. */
export const longestRetryAfterMs = 60_000;

const failuresInARowToOpen = 5;
const callsToJudgeShare = 20;
const shareToOpen = 0.5;
/** How much the newest call weighs in the moving average of failures. */
const newestWeight = 0.1;

const failureClasses = Object.keys(failureRules) as FailureClass[];
const kindOf = new Map(failureClasses.map((failure, index) => [failure, index + 1]));
const answeredKind = 0;

/** What is known of a connection's model from its recent calls. Fixed memory; all times are of one clock that never goes back. */
export class TargetHealth {
  circuit: Circuit = closedCircuit;
  /** Before this the provider does not want to be asked. */
  notBeforeMs = 0;
  /** Moving average of failures, from 0 to 1. */
  failureShare = 0;
  readonly lateness = new Lateness();
  /** What is left of the provider's own limits; null where it never said. */
  bucket: ProviderBucket | null = null;
  /** Of streams. */
  readonly firstToken = new LatencySketch();
  /** Of answers that came whole. */
  readonly wholeAnswer = new LatencySketch();
  readonly #outcomes = new SlidingCounts(failureClasses.length + 1, 1_000, 10);
  /** What is told of it to people, who look longer than a circuit does. */
  readonly #recent = new SlidingCounts(failureClasses.length + 1, 10_000, 30);
  #failuresInARow = 0;
  #lastEndedAtMs: number | null = null;
  #ended = 0;
  #failed = 0;
  #firstTokens = noDurations;
  #wholeAnswers = noDurations;

  note(attempt: AttemptHealth, nowMs: number, draws: SeededDraws): void {
    const { failure, retryAfterMs } = attempt;
    this.#lastEndedAtMs = nowMs;
    this.#recent.add(failure === null ? answeredKind : (kindOf.get(failure) ?? answeredKind), nowMs);
    if (failure === null) return this.#noteAnswer(attempt, nowMs);
    if (retryAfterMs !== null) {
      this.notBeforeMs = Math.max(this.notBeforeMs, nowMs + Math.min(retryAfterMs, longestRetryAfterMs));
    }
    const { against, opensAtOnce } = failureRules[failure];
    if (against !== "target") {
      this.circuit = abandonTrial(this.circuit);
      return;
    }
    this.#failuresInARow += 1;
    this.#ended += 1;
    this.#failed += 1;
    this.failureShare += newestWeight * (1 - this.failureShare);
    this.#outcomes.add(kindOf.get(failure) ?? answeredKind, nowMs);
    const isOnProbation = this.circuit.openings > 0;
    if (opensAtOnce || isOnProbation || this.#failsTooOften(nowMs)) {
      this.circuit = openCircuit(this.circuit, this.#usualFailure(failure, nowMs), nowMs, draws);
    }
  }

  /** Null before the first call ended. */
  get lastEndedAtMs(): number | null {
    return this.#lastEndedAtMs;
  }

  /** What it has done so far, for who compares it with others. */
  get tally(): AnswerTally {
    const [ended, failed] = [this.#ended, this.#failed];
    return { ended, failed, firstTokens: this.#firstTokens, wholeAnswers: this.#wholeAnswers };
  }

  /** How its calls of the last five minutes ended; what was the caller's doing is left out. */
  recentOutcomes(nowMs: number): { answered: number; failures: { [failure in FailureClass]?: number } } {
    const failures: { [failure in FailureClass]?: number } = {};
    for (const [failure, kind] of kindOf) {
      const count = failureRules[failure].against === null ? 0 : this.#recent.sum(kind, nowMs);
      if (count > 0) failures[failure] = count;
    }
    return { answered: this.#recent.sum(answeredKind, nowMs), failures };
  }

  #noteAnswer({ firstTokenMs, totalMs }: AttemptHealth, nowMs: number): void {
    this.#failuresInARow = 0;
    this.#ended += 1;
    this.failureShare -= newestWeight * this.failureShare;
    this.#outcomes.add(answeredKind, nowMs);
    this.circuit = closeCircuit(this.circuit, nowMs);
    if (firstTokenMs === null) {
      this.wholeAnswer.add(totalMs, nowMs);
      this.#wholeAnswers = withDuration(this.#wholeAnswers, totalMs);
    } else {
      this.firstToken.add(firstTokenMs, nowMs);
      this.#firstTokens = withDuration(this.#firstTokens, firstTokenMs);
    }
  }

  #failsTooOften(nowMs: number): boolean {
    if (this.#failuresInARow >= failuresInARowToOpen) return true;
    const answered = this.#outcomes.sum(answeredKind, nowMs);
    let failed = 0;
    for (const kind of kindOf.values()) failed += this.#outcomes.sum(kind, nowMs);
    return answered + failed >= callsToJudgeShare && failed >= shareToOpen * (answered + failed);
  }

  #usualFailure(newest: FailureClass, nowMs: number): FailureClass {
    let usual = newest;
    let most = this.#outcomes.sum(kindOf.get(newest) ?? answeredKind, nowMs);
    for (const [failure, kind] of kindOf) {
      const count = this.#outcomes.sum(kind, nowMs);
      if (count > most) [usual, most] = [failure, count];
    }
    return usual;
  }
}
