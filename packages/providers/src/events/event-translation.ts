/** Writes what a provider tells as the client's stream, event by event, and judges how it ended. */
import type { AnswerWriter, ClientError, ClientProtocol } from "../clients/client-protocol.ts";
import { truncatedResponse } from "../failure/classify-failure.ts";
import type { AnswerOptions, ProviderFailure, StreamEnding } from "../provider-codec.ts";
import { AnswerStages } from "../emulation/answer-stage.ts";
import { answerWarnings } from "./answer-warnings.ts";
import { AnswerState } from "./answer-state.ts";
import type { ModelEvent } from "./model-event.ts";

export class EventTranslation {
  readonly state = new AnswerState();
  readonly #client: ClientProtocol;
  readonly #writer: AnswerWriter;
  readonly #stages: AnswerStages;
  #forward: Uint8Array[] = [];
  #isClosed = false;

  /** `stops` are the stop sequences that the provider was not told of. */
  constructor(options: AnswerOptions, stops: readonly string[] = []) {
    this.#client = options.client;
    this.#writer = options.client.createAnswerWriter(options);
    this.#stages = new AnswerStages(stops);
  }

  add(events: readonly ModelEvent[]): void {
    if (this.#isClosed) return;
    for (const read of events) {
      for (const told of this.#stages.take(read)) {
        this.state.note(told);
        // Nothing of a failed answer may follow, not even what the same event holds.
        if (this.state.failure !== null) {
          this.#isClosed = true;
          return;
        }
        const bytes = this.#writer.write(told);
        if (bytes !== null) this.#forward.push(bytes);
      }
    }
    if (!this.state.doneSeen) return;
    if (this.state.finishReason === null) this.#isClosed = true;
    else this.#close();
  }

  fail(failure: ProviderFailure): void {
    this.state.note({ type: "failure", failure });
    this.#isClosed = true;
  }

  end(): StreamEnding {
    const verdict = this.state.verdict();
    if (verdict !== "errored" && verdict !== "truncated") this.#close();
    return {
      forward: this.takeForward(),
      verdict,
      failure: this.state.failure ?? (verdict === "truncated" ? truncatedResponse() : null),
      empty: verdict === "complete" && !this.state.contentSeen,
      warnings: answerWarnings(this.state, this.#client),
    };
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#writer.fail(error);
  }

  takeForward(): readonly Uint8Array[] {
    const forward = this.#forward;
    this.#forward = [];
    return forward;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forward.push(this.#writer.close(this.state));
  }
}
