import type { ProviderFailure, ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { AnswerReader, AnswerReading } from "./answer-reader.ts";
import { billedUsage } from "./attempt-outcome.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import type { StreamSource } from "./stream-reader.ts";

/** Where the bytes of a relayed answer go. */
export interface RelayReceiver {
  /** Just before the first bytes. The receiver may hold the source back when it cannot keep up. */
  begin(source: StreamSource, contentType: string): void;
  write(bytes: Uint8Array): void;
  /** The last word. An answer that broke off cannot say so in its bytes: its connection is cut. */
  finish(isWhole: boolean): void;
}

export interface RelayedAnswer {
  readonly bytes: number;
}

const fallbackType = "application/octet-stream";
/** What providers and the proxies before them answer instead of sound. */
const textType = /^(?:application\/json|text\/)/i;

/** Passes sound or any other bytes on while they arrive: nothing in them is read. */
export class RelayReader implements AnswerReader<RelayedAnswer> {
  readonly #attempt: LiveAttempt;
  readonly #receiver: RelayReceiver;
  readonly #source: StreamSource;
  #contentType = fallbackType;
  #bytes = 0;
  #firstByteAt: number | null = null;

  constructor(attempt: LiveAttempt, receiver: RelayReceiver, source: StreamSource) {
    this.#attempt = attempt;
    this.#receiver = receiver;
    this.#source = source;
  }

  get hasBegun(): boolean {
    return this.#firstByteAt !== null;
  }

  head(headers: ResponseHeaders): void {
    const type = headers["content-type"];
    if (typeof type === "string") this.#contentType = type;
  }

  push(chunk: Buffer): boolean {
    if (textType.test(this.#contentType)) return true;
    if (this.#firstByteAt === null) {
      this.#firstByteAt = performance.now();
      this.#attempt.order.call.firstByteAt ??= this.#firstByteAt;
      this.#attempt.begin();
      this.#receiver.begin(this.#source, this.#contentType);
    }
    this.#bytes += chunk.length;
    this.#receiver.write(chunk);
    return false;
  }

  end(
    status: number | null,
    failure: ProviderFailure | null,
  ): { outcome: AttemptOutcome; reading: AnswerReading<RelayedAnswer> } {
    const problem = failure ?? (this.hasBegun ? null : noSound);
    return {
      reading:
        problem === null ? { kind: "answered", answer: { bytes: this.#bytes } } : { kind: "failed", failure: problem },
      outcome: {
        verdict: verdictOf(problem, this.hasBegun),
        failureClass: problem?.failure ?? null,
        upstreamStatus: status,
        timeToFirstTokenMs: this.#firstByteAt === null ? null : this.#firstByteAt - this.#attempt.startedAt,
        ...billedUsage(this.#attempt.order, null),
        mayBeBilled: true,
        serviceTier: null,
      },
    };
  }

  deliver(failure: ProviderFailure | null): void {
    if (this.hasBegun) this.#receiver.finish(failure === null);
  }
}

function verdictOf(problem: ProviderFailure | null, hasBegun: boolean): AttemptOutcome["verdict"] {
  if (problem === null) return "complete";
  if (problem.failure === "client_cancelled") return "cancelled";
  return hasBegun ? "truncated" : problem.failure === "malformed_response" ? "invalid" : "errored";
}

const noSound: ProviderFailure = {
  failure: "malformed_response",
  message: "The provider's answer is not what was asked for.",
  retryAfterMs: null,
  providerCode: null,
  providerParam: null,
  providerMessage: null,
};
