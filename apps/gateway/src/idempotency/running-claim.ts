import type { Call } from "../accept/call.ts";
import type { AnswerCopy } from "./answer-copy.ts";
import type { CallOutcome } from "./call-outcome.ts";

/** A key that a call of this process has, from before it is served until the database knows its end. */
export class RunningClaim {
  readonly requestDigest: string;
  readonly copy: AnswerCopy;
  /** Null: the key is free again, as soon as the database knows. */
  readonly ended: Promise<CallOutcome | null>;
  readonly resolve: (outcome: CallOutcome | null) => void;
  /** The database knows its end, or it was given up: whoever wants the key asks there. */
  readonly forgotten: Promise<void>;
  readonly forget: () => void;
  readonly #onEnd: (call: Call) => void;

  constructor(requestDigest: string, copy: AnswerCopy, onEnd: (call: Call) => void) {
    this.requestDigest = requestDigest;
    this.copy = copy;
    this.#onEnd = onEnd;
    const { promise, resolve } = Promise.withResolvers<CallOutcome | null>();
    this.ended = promise;
    this.resolve = resolve;
    const written = Promise.withResolvers<void>();
    this.forgotten = written.promise;
    this.forget = written.resolve;
  }

  /** To be called once, when the call is answered and closed. */
  end(call: Call): void {
    this.#onEnd(call);
  }
}
