/** Reads a provider's event stream through the event model and writes the client's. Bytes may be cut anywhere. */
import type { ClientError } from "../clients/client-protocol.ts";
import { classifyErrorEvent, classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, StreamEnding, StreamScanner, StreamState } from "../provider-codec.ts";
import { isDoneMark } from "../sse/done-mark.ts";
import { type EventSink, EventStream, type StreamEvent } from "../sse/event-stream.ts";
import { EventTranslation } from "./event-translation.ts";
import type { EventDecoder, ModelEvent } from "./model-event.ts";

const maxEventBytes = 8_388_608;

export class TranslatedStream implements StreamScanner, EventSink {
  readonly state: StreamState;
  readonly #events = new EventStream(this, maxEventBytes);
  readonly #decoder: EventDecoder;
  readonly #translation: EventTranslation;

  /** `stops` are the stop sequences that the provider was not told of. */
  constructor(decoder: EventDecoder, options: AnswerOptions, stops: readonly string[] = []) {
    this.#decoder = decoder;
    this.#translation = new EventTranslation(options, stops);
    this.state = this.#translation.state;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#events.push(chunk);
    return this.#translation.takeForward();
  }

  end(): StreamEnding {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished !== null && this.#isWhole(unfinished)) this.onEvent(unfinished);
    return this.#translation.end();
  }

  onEvent(event: StreamEvent): void {
    this.#translation.add(this.#read(event));
  }

  onLateLineFeed(): void {
    // The line ends of the provider are not the client's.
  }

  onOversize(): void {
    this.#translation.fail(malformedResponse());
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#translation.writeFailure(error);
  }

  #read(event: StreamEvent): readonly ModelEvent[] {
    const { data } = event;
    if (data === null) return event.isError ? [{ type: "failure", failure: classifyErrorObject(null) }] : [];
    // Some servers keep a connection alive with empty data.
    if (data.start === data.end) return [];
    if (isDoneMark(data)) return [{ type: "end" }];
    const parsed = this.#parse(event);
    // A whole answer where a stream was asked for, if the decoder can make anything of it.
    const told = event.isError && !event.isJson ? [] : this.#decoder.decode(parsed);
    return event.isError && told.length === 0 ? [{ type: "failure", failure: classifyErrorEvent(parsed) }] : told;
  }

  /** A last event without its blank line counts if nothing of it is missing. */
  #isWhole(event: StreamEvent): boolean {
    return event.data !== null && (isDoneMark(event.data) || this.#parse(event) !== null);
  }

  #parse({ data }: StreamEvent): Readonly<Record<string, unknown>> | null {
    return data === null ? null : readJsonObject(data.bytes.subarray(data.start, data.end));
  }
}
