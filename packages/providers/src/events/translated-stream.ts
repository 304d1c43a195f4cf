/** Reads a provider's event stream through the event model and writes the client's. */
import type { ClientError } from "../clients/client-protocol.ts";
import type { AnswerOptions, StreamEnding, StreamScanner, StreamState } from "../provider-codec.ts";
import { DecodedStream } from "./decoded-stream.ts";
import { EventTranslation } from "./event-translation.ts";
import type { EventDecoder } from "./model-event.ts";

export class TranslatedStream implements StreamScanner {
  readonly state: StreamState;
  readonly #read: DecodedStream;
  readonly #translation: EventTranslation;

  /** `stops` are the stop sequences that the provider was not told of. */
  constructor(decoder: EventDecoder, options: AnswerOptions, stops: readonly string[] = []) {
    this.#translation = new EventTranslation(options, stops);
    this.#read = new DecodedStream(decoder, this.#translation);
    this.state = this.#translation.state;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#read.push(chunk);
    return this.#translation.takeForward();
  }

  end(): StreamEnding {
    this.#read.end();
    return this.#translation.end();
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#translation.writeFailure(error);
  }
}
