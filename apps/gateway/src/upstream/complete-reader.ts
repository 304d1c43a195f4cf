import type { Verdict } from "@switchyard/metering/usage-event";
import type {
  CompleteResponse,
  ProviderFailure,
  ResponseHeaders,
  UsageReading,
} from "@switchyard/providers/provider-codec";
import { withoutByteOrderMark } from "@switchyard/providers/text/utf8";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { AnswerReader, AnswerReading } from "./answer-reader.ts";
import { billedUsage } from "./attempt-outcome.ts";
import type { LiveAttempt } from "./live-attempt.ts";

/** A whole answer: what the client gets, and how it was judged. */
export interface CompleteAnswer {
  /** The provider's own bytes, unless its protocol is another than the client's. */
  readonly body: Uint8Array;
  readonly response: Extract<CompleteResponse, { ok: true }>;
}

interface EndedReading {
  readonly outcome: AttemptOutcome;
  readonly reading: AnswerReading<CompleteAnswer>;
}

/** Collects an answer that is not a stream. Nothing of it reaches the client before it is complete and judged. */
export class CompleteReader implements AnswerReader<CompleteAnswer> {
  readonly hasBegun = false;
  readonly #attempt: LiveAttempt;
  readonly #chunks: Buffer[] = [];
  #headers: ResponseHeaders = {};

  constructor(attempt: LiveAttempt) {
    this.#attempt = attempt;
  }

  head(headers: ResponseHeaders): void {
    this.#headers = headers;
  }

  push(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    return false;
  }

  end(status: number | null, failure: ProviderFailure | null): EndedReading {
    if (failure !== null) return failed(status, failure);
    const { order, passage, answerOptions } = this.#attempt;
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    // A parser of JSON takes the mark for an error, and a client's may be one.
    const received = withoutByteOrderMark(whole);
    const response = passage.readCompleteResponse(order.operation, received, {
      ...answerOptions,
      headers: this.#headers,
    });
    if (!response.ok) return failed(status, response.failure);
    const { usage, empty, serviceTier, finishReasons } = response;
    const verdict = empty && response.verdict === "complete" ? "invalid" : response.verdict;
    const answer = { body: response.body ?? received, response };
    const judgement = this.#attempt.judge?.judgeAnswer(answer.body, { verdict, finishReasons, isEmpty: empty });
    const replacedBecause = judgement?.failure ?? null;
    if (replacedBecause === null) this.#attempt.begin();
    if (usage !== null) noteUsage(this.#attempt, usage);
    if (empty) order.call.warnings.push("empty_answer");
    order.call.warnings.push(...(response.warnings ?? []));
    return {
      reading:
        replacedBecause === null
          ? { kind: "answered", answer }
          : this.#replaced(answer, replacedBecause, judgement?.verdict ?? verdict),
      outcome: {
        verdict: judgement?.verdict ?? verdict,
        failureClass: replacedBecause?.failure ?? null,
        upstreamStatus: status,
        timeToFirstTokenMs: null,
        ...billedUsage(order, usage),
        mayBeBilled: true,
        serviceTier,
      },
    };
  }

  /** In a cascade it is better than none. */
  #replaced(answer: CompleteAnswer, failure: ProviderFailure, verdict: Verdict): AnswerReading<CompleteAnswer> {
    if (this.#attempt.target.planned.escalatesOn === undefined) return { kind: "failed", failure };
    const kept = {
      deliver: () => {
        this.#attempt.begin();
        this.#attempt.order.call.verdict = verdict;
        return answer;
      },
      drop: () => undefined,
    };
    return { kind: "failed", failure, kept };
  }

  deliver(): void {
    // The pipeline writes complete answers itself.
  }
}

/** Keeps on the call what is odd about a provider's count. */
export function noteUsage({ order }: LiveAttempt, usage: UsageReading): void {
  if (usage.kind === "unusable") order.call.warnings.push("usage_unusable");
  else order.call.warnings.push(...usage.warnings);
}

function failed(status: number | null, failure: ProviderFailure): EndedReading {
  const isCancelled = failure.failure === "client_cancelled";
  return {
    reading: { kind: "failed", failure },
    outcome: {
      verdict: isCancelled ? "cancelled" : failure.failure === "malformed_response" ? "invalid" : "errored",
      failureClass: failure.failure,
      upstreamStatus: status,
      timeToFirstTokenMs: null,
      usage: null,
      usageSource: "upper_bound",
      mayBeBilled: true,
      serviceTier: null,
    },
  };
}
