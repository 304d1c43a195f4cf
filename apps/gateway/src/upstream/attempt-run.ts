import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import type { ProviderFailure, ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { AnswerReader, AnswerReading, KeptAnswer } from "./answer-reader.ts";
import { failureOfExchange, unbilledOutcome } from "./attempt-outcome.ts";
import { ClientDeparture } from "./client-departure.ts";
import type { DrainSlots } from "./drain-slots.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import type { UpstreamClient, UpstreamRequest } from "./upstream-client.ts";
import { UpstreamExchange, type ExchangeFailure, type ExchangeSink } from "./upstream-exchange.ts";

export interface FailedEnd<Answer = unknown> {
  readonly kind: "failed";
  readonly failure: ProviderFailure;
  readonly firstByteSent: boolean;
  /** The answer itself, where it came and was not good enough. */
  readonly kept?: KeptAnswer<Answer>;
  /** What the provider answered with; null where no answer came. */
  readonly upstreamStatus: number | null;
  /** From sending to the end; undefined where nothing was sent. */
  readonly tookMs: number | undefined;
}

/** How an attempt ended. */
export type AttemptEnd<Answer> = { readonly kind: "answered"; readonly answer: Answer } | FailedEnd<Answer>;

const mostErrorBytes = 64 * 1024;

/** Carries one attempt from its first byte out to its settlement. */
export class AttemptRun<Answer> implements ExchangeSink {
  readonly #attempt: LiveAttempt;
  readonly #reader: AnswerReader<Answer>;
  readonly #exchange: UpstreamExchange;
  readonly #departure: ClientDeparture;
  readonly #noteHeaders: (planned: PlannedAttempt, headers: ResponseHeaders) => void;
  #isLost = false;
  #status: number | null = null;
  #headers: ResponseHeaders = {};
  #errorBody: Buffer[] = [];
  #errorBytes = 0;
  #resolve: (end: AttemptEnd<Answer>) => void = () => undefined;
  #reject: (bug: unknown) => void = () => undefined;

  constructor(
    attempt: LiveAttempt,
    createReader: (attempt: LiveAttempt, exchange: UpstreamExchange) => AnswerReader<Answer>,
    slots: DrainSlots,
    noteHeaders: (planned: PlannedAttempt, headers: ResponseHeaders) => void,
  ) {
    this.#attempt = attempt;
    this.#noteHeaders = noteHeaders;
    this.#exchange = new UpstreamExchange(this, attempt.timeouts);
    this.#reader = createReader(attempt, this.#exchange);
    this.#departure = new ClientDeparture(attempt, this.#exchange, slots);
  }

  /** Resolves when the attempt is settled and, for a stream, its last byte handed to the client. Rejects only for a bug. */
  async start(client: UpstreamClient, request: UpstreamRequest): Promise<AttemptEnd<Answer>> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#departure.watch();
      if (this.#exchange.hasEnded) return;
      try {
        client.send(request, this.#exchange);
      } catch (cause) {
        this.#exchange.fail("connection", cause);
      }
    });
  }

  /** Another attempt of the call answers: this one ends now, and its end says nothing of its target. */
  lose(): void {
    this.#isLost = true;
    this.#exchange.fail("aborted");
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#status = status;
    this.#headers = headers;
    this.#noteHeaders(this.#attempt.target.planned, headers);
    if (isSuccess(status)) this.#reader.head?.(headers, status);
  }

  onData(chunk: Buffer): void {
    if (this.#attempt.isSettled) return;
    if (!isSuccess(this.#status)) return this.#keepErrorBytes(chunk);
    this.#departure.noteBytes(chunk.length);
    if (this.#reader.push(chunk)) this.#finish(null);
  }

  onEnd(failure: ExchangeFailure | null): void {
    if (!this.#attempt.isSettled) this.#finish(failure);
  }

  // Runs inside the HTTP client, which would swallow an exception and leave the request hanging.
  #finish(exchangeFailure: ExchangeFailure | null): void {
    try {
      this.#departure.stopWatching();
      this.#judge(exchangeFailure);
    } catch (bug) {
      this.#reject(bug);
    }
  }

  #judge(exchangeFailure: ExchangeFailure | null): void {
    const failure = exchangeFailure === null ? null : failureOfExchange(exchangeFailure);
    if (failure !== null && exchangeFailure?.phase === "connecting") {
      const verdict = failure.failure === "client_cancelled" ? "cancelled" : "errored";
      return this.#close(unbilledOutcome(failure.failure, verdict, null), { kind: "failed", failure });
    }
    if (this.#status !== null && !isSuccess(this.#status)) {
      const refusal = this.#classifyRefusal(this.#status);
      if (failure === null && this.#errorBytes < mostErrorBytes) {
        this.#reader.refuse?.(this.#status, this.#headers, Buffer.concat(this.#errorBody));
      }
      const verdict = refusal.failure === "content_filtered" ? "filtered" : "errored";
      return this.#close(unbilledOutcome(refusal.failure, verdict, this.#status), { kind: "failed", failure: refusal });
    }
    const { outcome, reading } = this.#reader.end(this.#status, failure);
    const hasLeft = this.#attempt.order.call.isAbandoned;
    this.#close(hasLeft ? { ...outcome, verdict: "cancelled", failureClass: "client_cancelled" } : outcome, reading);
  }

  #close(outcome: AttemptOutcome, reading: AnswerReading<Answer>): void {
    this.#attempt.settle(this.#isLost ? { ...outcome, verdict: "cancelled", failureClass: null } : outcome);
    this.#reader.deliver(reading.kind === "failed" ? reading.failure : null);
    if (reading.kind !== "failed") return this.#resolve(reading);
    this.#resolve({
      ...reading,
      firstByteSent: this.#reader.hasBegun,
      upstreamStatus: this.#status,
      tookMs: performance.now() - this.#attempt.startedAt,
    });
  }

  #classifyRefusal(status: number): ProviderFailure {
    return this.#attempt.target.codec.classifyFailure({
      status,
      headers: this.#headers,
      body: Buffer.concat(this.#errorBody),
      nowMs: Date.now(),
    });
  }

  #keepErrorBytes(chunk: Buffer): void {
    const room = mostErrorBytes - this.#errorBytes;
    if (room <= 0) return;
    this.#errorBody.push(chunk.subarray(0, room));
    this.#errorBytes += Math.min(chunk.length, room);
  }
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
