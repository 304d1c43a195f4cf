import type { ClientError } from "@switchyard/providers/clients/client-protocol";
import type { ProviderFailure, StreamEnding, StreamScanner } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { AnswerReader, AnswerReading, KeptAnswer } from "./answer-reader.ts";
import type { Judgement } from "../validation/answer-judge.ts";
import { estimatedUsage, providerUsage, type BilledUsage } from "./attempt-outcome.ts";
import { noteUsage } from "./complete-reader.ts";
import type { HeldAnswer } from "../validation/held-answer.ts";
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
  /** Where the answer is held back until it is judged; null where it is passed on, from the beginning or by now. */
  #held: HeldAnswer | null;
  #tooLong: ProviderFailure | null = null;
  #firstTokenAt: number | null = null;
  #hasBegun = false;
  #isKept = false;
  /** Held until the attempt is settled. */
  #last: readonly Uint8Array[] = [];

  constructor(attempt: LiveAttempt, receiver: StreamReceiver, source: StreamSource) {
    this.#attempt = attempt;
    this.#receiver = receiver;
    this.#source = source;
    this.#scanner = attempt.passage.createStreamScanner(attempt.answerOptions);
    this.#held = attempt.judge?.holdStream() ?? null;
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
    if (failure === null) this.#last = [...this.#last, ...ending.forward];
    const judgement = failure === null && ending.failure === null ? this.#judge(ending) : null;
    const problem = failure ?? ending.failure ?? judgement?.failure ?? null;
    const { state } = this.#scanner;
    if (state.usage !== null) noteUsage(this.#attempt, state.usage);
    // Before it is settled, so that the end of one that it has beaten is not the call's last word.
    if (problem === null) this.#attempt.begin();
    const { warnings } = this.#attempt.order.call;
    if (ending.empty) warnings.push("empty_answer");
    warnings.push(...(ending.warnings ?? []));
    return {
      reading:
        problem === null
          ? { kind: "answered", answer: this.#answer(ending) }
          : { kind: "failed", failure: problem, ...this.#keep(ending, judgement) },
      outcome: {
        verdict: judgement?.verdict ?? verdictOf(ending, failure),
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
    if (failure !== null && !this.#hasBegun) {
      if (!this.#isKept) this.#held?.release();
      return;
    }
    this.#send(this.#held?.release() ?? []);
    this.#send(this.#last);
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

  #judge(ending: StreamEnding): Judgement | null {
    const { judge } = this.#attempt;
    if (judge === null) return null;
    const { verdict, empty: isEmpty } = ending;
    const seen = {
      verdict: verdictOf(ending, null),
      isEmpty,
      finishReasons: [...this.#scanner.state.finishReasons.values()],
    };
    if (this.#tooLong !== null) return { verdict, failure: this.#tooLong };
    if (this.#held !== null) return judge.judgeHeld([...this.#held.pieces, ...this.#last], seen);
    judge.observe(seen);
    return null;
  }

  /** In a cascade an answer that is not good enough is better than none. */
  #keep(ending: StreamEnding, judgement: Judgement | null): { readonly kept?: KeptAnswer<StreamAnswer> } {
    const isOfTier = this.#attempt.target.planned.escalatesOn !== undefined;
    if (!isOfTier || judgement?.failure?.failure !== "invalid_answer") return {};
    this.#isKept = true;
    const kept = {
      deliver: () => {
        this.#attempt.begin();
        this.#attempt.order.call.verdict = judgement.verdict;
        this.deliver(null);
        return { ...this.#answer(ending), hasUsableUsage: false };
      },
      drop: () => void this.#held?.release(),
    };
    return { kept };
  }

  #forward(pieces: readonly Uint8Array[]): void {
    if (pieces.length === 0) return;
    if (this.#held === null) return this.#send(pieces);
    if (this.#tooLong !== null || this.#held.keep(pieces)) return;
    // The rest of one that is refused is read for what it costs.
    this.#tooLong = this.#attempt.judge?.tooLong("complete").failure ?? null;
    const held = this.#held.release();
    if (this.#tooLong !== null) return;
    this.#held = null;
    this.#send(held);
  }

  #send(pieces: readonly Uint8Array[]): void {
    if (pieces.length === 0) return;
    if (!this.#hasBegun) this.#begin();
    for (const piece of pieces) this.#receiver.write(piece);
  }

  #begin(): void {
    this.#hasBegun = true;
    this.#attempt.begin();
    this.#attempt.order.call.firstByteAt ??= performance.now();
    this.#receiver.begin(this.#source);
  }

  #noteFirstToken(): void {
    this.#firstTokenAt = performance.now();
    if (this.#held === null) this.#attempt.order.call.firstByteAt ??= this.#firstTokenAt;
  }
}

function verdictOf(ending: StreamEnding, failure: ProviderFailure | null): AttemptOutcome["verdict"] {
  if (failure?.failure === "client_cancelled") return "cancelled";
  if (failure !== null && ending.verdict === "complete") return "truncated";
  return ending.empty && ending.verdict === "complete" ? "invalid" : ending.verdict;
}
