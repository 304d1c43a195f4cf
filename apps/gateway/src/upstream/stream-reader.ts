import type { ClientError } from "@switchyard/providers/clients/client-protocol";
import type { ProviderFailure, StreamEnding, StreamScanner } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { AnswerReader, AnswerReading } from "./answer-reader.ts";
import { estimatedUsage, providerUsage, type BilledUsage } from "./attempt-outcome.ts";
import { noteUsage } from "./complete-reader.ts";
import type { LiveAttempt } from "./live-attempt.ts";

/** Where the bytes of a stream come from. */
export interface StreamSource {
  pause(): void;
  resume(): void;
}

/** Where the bytes of a stream go. */
export interface StreamReceiver {
  /** Just before the first bytes. The receiver may hold the source back when it cannot keep up. */
  begin(source: StreamSource): void;
  write(bytes: Uint8Array): void;
  /** The last word: null ends the answer as the provider did, a failure ends it with the event that `write` makes of it. */
  finish(failure: ProviderFailure | null, write: (error: ClientError) => Uint8Array): void;
}

/** How a stream ended that the client got. */
export interface StreamAnswer {
  readonly verdict: StreamEnding["verdict"];
  readonly isEmpty: boolean;
  readonly hasUsableUsage: boolean;
  readonly finishReasons: readonly (string | null)[];
}

/** Passes a stream on while it arrives; the scanner sees every byte and changes none that may pass. */
export class StreamReader implements AnswerReader<StreamAnswer> {
  readonly #attempt: LiveAttempt;
  readonly #receiver: StreamReceiver;
  readonly #source: StreamSource;
  readonly #scanner: StreamScanner;
  #firstTokenAt: number | null = null;
  #hasBegun = false;
  /** Held until the attempt is settled. */
  #last: readonly Uint8Array[] = [];

  constructor(attempt: LiveAttempt, receiver: StreamReceiver, source: StreamSource) {
    this.#attempt = attempt;
    this.#receiver = receiver;
    this.#source = source;
    this.#scanner = attempt.passage.createStreamScanner(attempt.answerOptions);
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  push(chunk: Buffer): boolean {
    const forward = this.#scanner.push(chunk);
    const { state } = this.#scanner;
    if (state.contentSeen && this.#firstTokenAt === null) this.#noteFirstToken();
    if (state.doneSeen || state.failure !== null) {
      this.#last = forward;
      return true;
    }
    this.#forward(forward);
    return false;
  }

  end(
    status: number | null,
    failure: ProviderFailure | null,
  ): { outcome: AttemptOutcome; reading: AnswerReading<StreamAnswer> } {
    const ending = this.#scanner.end();
    const problem = failure ?? ending.failure;
    if (failure === null) this.#last = [...this.#last, ...ending.forward];
    const { state } = this.#scanner;
    if (state.usage !== null) noteUsage(this.#attempt, state.usage);
    // Before it is settled, so that the end of one that it has beaten is not the call's last word.
    if (problem === null) this.#attempt.begin();
    if (ending.empty) this.#attempt.order.call.warnings.push("empty_answer");
    return {
      reading:
        problem === null ? { kind: "answered", answer: this.#answer(ending) } : { kind: "failed", failure: problem },
      outcome: {
        verdict: verdictOf(ending, failure),
        failureClass: problem?.failure ?? null,
        upstreamStatus: status,
        timeToFirstTokenMs: this.#firstTokenAt === null ? null : this.#firstTokenAt - this.#attempt.startedAt,
        ...this.#billed(),
        mayBeBilled: true,
        serviceTier: state.serviceTier,
      },
    };
  }

  deliver(failure: ProviderFailure | null): void {
    // Nothing was sent and nothing will be: another attempt may still answer.
    if (failure !== null && !this.#hasBegun) return;
    this.#forward(this.#last);
    if (!this.#hasBegun) this.#begin();
    this.#receiver.finish(failure, (error) => this.#scanner.writeFailure(error));
  }

  #billed(): BilledUsage {
    const { usage, contentSeen, contentBytes } = this.#scanner.state;
    return usage === null && contentSeen ? estimatedUsage(this.#attempt.order, contentBytes) : providerUsage(usage);
  }

  #answer(ending: StreamEnding): StreamAnswer {
    const { usage, finishReasons } = this.#scanner.state;
    return {
      verdict: ending.verdict,
      isEmpty: ending.empty,
      hasUsableUsage: usage?.kind === "usable",
      finishReasons: [...finishReasons.values()],
    };
  }

  #forward(pieces: readonly Uint8Array[]): void {
    if (pieces.length === 0) return;
    if (!this.#hasBegun) this.#begin();
    for (const piece of pieces) this.#receiver.write(piece);
  }

  #begin(): void {
    this.#hasBegun = true;
    this.#attempt.begin();
    this.#receiver.begin(this.#source);
  }

  #noteFirstToken(): void {
    this.#firstTokenAt = performance.now();
    this.#attempt.order.call.firstByteAt ??= this.#firstTokenAt;
  }
}

function verdictOf(ending: StreamEnding, failure: ProviderFailure | null): AttemptOutcome["verdict"] {
  if (failure?.failure === "client_cancelled") return "cancelled";
  if (failure !== null && ending.verdict === "complete") return "truncated";
  return ending.empty && ending.verdict === "complete" ? "invalid" : ending.verdict;
}
