/** Cuts a provider's event stream and reads its events into the event model. Bytes may be cut anywhere. */
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { ProviderFailure } from "../provider-codec.ts";
import { isDoneMark } from "../sse/done-mark.ts";
import { type EventSink, EventStream, type StreamEvent } from "../sse/event-stream.ts";
import type { EventDecoder, ModelEvent } from "./model-event.ts";

const maxEventBytes = 8_388_608;

/** Who is told of what was read. */
export interface ModelEventReceiver {
  /** The events of one event of the stream. */
  add(events: readonly ModelEvent[]): void;
  /** Nothing can be read from here on. */
  fail(failure: ProviderFailure): void;
}

export class DecodedStream implements EventSink {
  readonly #events = new EventStream(this, maxEventBytes);
  readonly #decoder: EventDecoder;
  readonly #receiver: ModelEventReceiver;

  constructor(decoder: EventDecoder, receiver: ModelEventReceiver) {
    this.#decoder = decoder;
    this.#receiver = receiver;
  }

  push(chunk: Uint8Array): void {
    this.#events.push(chunk);
  }

  /** No more bytes will come. A last event without its blank line counts if nothing of it is missing. */
  end(): void {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished !== null && this.#isWhole(unfinished)) this.onEvent(unfinished);
  }

  onEvent(event: StreamEvent): void {
    this.#receiver.add(this.#read(event));
  }

  onLateLineFeed(): void {
    // The line ends of the provider are not the client's.
  }

  onUnreadable(): void {
    this.#receiver.fail(malformedResponse());
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
    return event.isError && told.length === 0 ? [{ type: "failure", failure: classifyErrorObject(parsed) }] : told;
  }

  #isWhole(event: StreamEvent): boolean {
    return event.data !== null && (isDoneMark(event.data) || this.#parse(event) !== null);
  }

  #parse({ data }: StreamEvent): Readonly<Record<string, unknown>> | null {
    return data === null ? null : readJsonObject(data.bytes.subarray(data.start, data.end));
  }
}
