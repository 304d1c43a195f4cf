import type { ProviderFailure, ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { AttemptOutcome } from "../admission/admission.ts";

export type AnswerReading<Answer> =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly failure: ProviderFailure; readonly kept?: KeptAnswer<Answer> };

/** A whole answer that was not good enough, for where no better one can be had. */
export interface KeptAnswer<Answer> {
  /** Sends what has to be sent of it, and answers the call with it. */
  deliver(): Answer;
  /** Lets go of what is held for it. */
  drop(): void;
}

/** Reads the body of a 2xx response: whole, or as a stream that is passed on while it arrives. */
export interface AnswerReader<Answer> {
  /** True once bytes of this attempt went to the client; from then on there is no other attempt. */
  readonly hasBegun: boolean;
  /** The head of a 2xx response, for readers that pass it on. */
  head?(headers: ResponseHeaders, status: number): void;
  /** A whole answer outside 2xx, for readers that pass it on. It is classified and settled all the same. */
  refuse?(status: number, headers: ResponseHeaders, body: Buffer): void;
  /** Takes the next bytes. True: the answer is over, whatever else may follow. */
  push(chunk: Buffer): boolean;
  /** Judges what arrived. `failure` says why no more will come; null where the provider ended its response. */
  end(
    status: number | null,
    failure: ProviderFailure | null,
  ): { outcome: AttemptOutcome; reading: AnswerReading<Answer> };
  /** Sends what is left to send. Called after the attempt is settled, so that what a client has seen whole is in the journal. */
  deliver(failure: ProviderFailure | null): void;
}
