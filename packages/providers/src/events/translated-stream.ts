/** Reads a provider's event stream through the event model and writes the client's. Bytes may be cut anywhere. */
import type { AnswerWriter, ClientError } from "../clients/client-protocol.ts";
import { classifyErrorObject, malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, StreamEnding, StreamScanner } from "../provider-codec.ts";
import { isDoneMark } from "../sse/done-mark.ts";
import { type EventSink, EventStream, type StreamEvent } from "../sse/event-stream.ts";
import { AnswerState } from "./answer-state.ts";
import type { EventDecoder, ModelEvent } from "./model-event.ts";

const maxEventBytes = 4_194_304;

export class TranslatedStream implements StreamScanner, EventSink {
  readonly state = new AnswerState();
  readonly #events = new EventStream(this, maxEventBytes);
  readonly #decoder: EventDecoder;
  readonly #writer: AnswerWriter;
  #forward: Uint8Array[] = [];
  #isClosed = false;

  constructor(decoder: EventDecoder, options: AnswerOptions) {
    this.#decoder = decoder;
    this.#writer = options.client.createAnswerWriter(options);
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#events.push(chunk);
    return this.#takeForward();
  }

  end(): StreamEnding {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished !== null && this.#isWhole(unfinished)) this.onEvent(unfinished);
    const verdict = this.state.verdict();
    if (verdict !== "errored" && verdict !== "truncated") this.#close();
    return {
      forward: this.#takeForward(),
      verdict,
      failure: this.state.failure ?? (verdict === "truncated" ? truncatedResponse() : null),
      empty: verdict === "complete" && !this.state.contentSeen,
    };
  }

  onEvent(event: StreamEvent): void {
    if (this.#isClosed) return;
    for (const told of this.#read(event)) {
      this.state.note(told);
      // Nothing of a failed answer may follow, not even what the same event holds.
      if (this.state.failure !== null) {
        this.#isClosed = true;
        return;
      }
      const bytes = this.#writer.write(told);
      if (bytes !== null) this.#forward.push(bytes);
    }
    if (!this.state.doneSeen) return;
    if (this.state.finishReason === null) this.#isClosed = true;
    else this.#close();
  }

  onLateLineFeed(): void {
    // The line ends of the provider are not the client's.
  }

  onOversize(): void {
    this.state.note({ type: "failure", failure: malformedResponse() });
    this.#isClosed = true;
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#writer.fail(error);
  }

  #read(event: StreamEvent): readonly ModelEvent[] {
    const { data } = event;
    if (data === null) return event.isError ? [{ type: "failure", failure: classifyErrorObject(null) }] : [];
    // Some servers keep a connection alive with empty data.
    if (data.start === data.end) return [];
    return isDoneMark(data) ? [{ type: "end" }] : this.#decoder.decode(this.#parse(event));
  }

  /** A last event without its blank line counts if nothing of it is missing. */
  #isWhole(event: StreamEvent): boolean {
    return event.data !== null && (isDoneMark(event.data) || this.#parse(event) !== null);
  }

  #parse({ data }: StreamEvent): Readonly<Record<string, unknown>> | null {
    return data === null ? null : readJsonObject(data.bytes.subarray(data.start, data.end));
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forward.push(this.#writer.close(this.state));
  }

  #takeForward(): readonly Uint8Array[] {
    const forward = this.#forward;
    this.#forward = [];
    return forward;
  }
}
