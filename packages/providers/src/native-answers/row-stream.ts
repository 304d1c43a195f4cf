import type { ClientError } from "../clients/client-protocol.ts";
import { EventTranslation } from "../events/event-translation.ts";
import type { EventDecoder } from "../events/model-event.ts";
import type { AnswerOptions, StreamEnding, StreamScanner, StreamState } from "../provider-codec.ts";
import { JsonRows } from "./json-rows.ts";

/** Reads a stream that is a row of JSON objects through the event model and writes the client's. */
export class RowStream implements StreamScanner {
  readonly state: StreamState;
  readonly #rows = new JsonRows();
  readonly #decoder: EventDecoder;
  readonly #translation: EventTranslation;

  /** `stops` are the stop sequences that the provider was not told of. */
  constructor(decoder: EventDecoder, options: AnswerOptions, stops: readonly string[] = []) {
    this.#decoder = decoder;
    this.#translation = new EventTranslation(options, stops);
    this.state = this.#translation.state;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    for (const row of this.#rows.push(chunk)) this.#translation.add(this.#decoder.decode(row));
    return this.#translation.takeForward();
  }

  end(): StreamEnding {
    return this.#translation.end();
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#translation.writeFailure(error);
  }
}
