import type { ProviderFailure, ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { AnswerReader, AnswerReading } from "../upstream/answer-reader.ts";
import { billedUsage } from "../upstream/attempt-outcome.ts";
import type { LiveAttempt } from "../upstream/live-attempt.ts";
import type { StreamSource } from "../upstream/stream-reader.ts";
import type { KnownCall } from "./known-call.ts";
import { createUsageMeter, type MeterReading, type UsageMeter } from "./usage-meter.ts";

/** Where the bytes of a passed-through answer go. */
export interface PassthroughReceiver {
  begin(source: StreamSource, status: number, headers: ResponseHeaders): void;
  write(bytes: Uint8Array): void;
  finish(isWhole: boolean): void;
  /** The provider's answer outside 2xx, whole. */
  keepRefusal(status: number, headers: ResponseHeaders, body: Buffer): void;
}

const noReading: MeterReading = { usage: null, serviceTier: null, isWhole: true };

/** Passes any answer on while it arrives, and reads its usage where the call is one that the codec knows. */
export class PassthroughReader implements AnswerReader<null> {
  readonly #attempt: LiveAttempt;
  readonly #receiver: PassthroughReceiver;
  readonly #source: StreamSource;
  readonly #known: KnownCall | null;
  #meter: UsageMeter | null = null;
  #status = 200;
  #headers: ResponseHeaders = {};
  #firstByteAt: number | null = null;

  constructor(attempt: LiveAttempt, receiver: PassthroughReceiver, source: StreamSource, known: KnownCall | null) {
    this.#attempt = attempt;
    this.#receiver = receiver;
    this.#source = source;
    this.#known = known;
  }

  get hasBegun(): boolean {
    return this.#firstByteAt !== null;
  }

  head(headers: ResponseHeaders, status: number): void {
    this.#headers = headers;
    this.#status = status;
    if (this.#known === null) return;
    const isStream = this.#known.facts.stream;
    const { answerOptions } = this.#attempt;
    this.#meter = createUsageMeter(this.#known, isStream, { ...answerOptions, client: this.#known.client });
  }

  push(chunk: Buffer): boolean {
    this.#begin();
    this.#meter?.push(chunk);
    this.#receiver.write(chunk);
    return false;
  }

  refuse(status: number, headers: ResponseHeaders, body: Buffer): void {
    this.#receiver.keepRefusal(status, headers, body);
  }

  end(
    status: number | null,
    failure: ProviderFailure | null,
  ): { outcome: AttemptOutcome; reading: AnswerReading<null> } {
    const { usage, serviceTier, isWhole } = this.#meter?.end() ?? noReading;
    if (this.#known === null) this.#attempt.order.call.warnings.push("passthrough_unmetered");
    return {
      reading: failure === null ? { kind: "answered", answer: null } : { kind: "failed", failure },
      outcome: {
        verdict: verdictOf(failure, isWhole, this.hasBegun),
        failureClass: failure?.failure ?? null,
        upstreamStatus: status,
        timeToFirstTokenMs: this.#firstByteAt === null ? null : this.#firstByteAt - this.#attempt.startedAt,
        ...billedUsage(this.#attempt.order, usage),
        mayBeBilled: true,
        serviceTier,
      },
    };
  }

  deliver(failure: ProviderFailure | null): void {
    // An answer without a body is one too.
    if (failure === null) this.#begin();
    if (this.hasBegun) this.#receiver.finish(failure === null);
  }

  #begin(): void {
    if (this.#firstByteAt !== null) return;
    this.#firstByteAt = performance.now();
    this.#attempt.order.call.firstByteAt ??= this.#firstByteAt;
    this.#attempt.begin();
    this.#receiver.begin(this.#source, this.#status, this.#headers);
  }
}

function verdictOf(failure: ProviderFailure | null, isWhole: boolean, hasBegun: boolean): AttemptOutcome["verdict"] {
  if (failure === null) return isWhole ? "complete" : "truncated";
  if (failure.failure === "client_cancelled") return "cancelled";
  return hasBegun ? "truncated" : "errored";
}
