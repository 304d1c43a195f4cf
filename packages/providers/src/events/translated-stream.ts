/** Reads a provider's event stream through the event model and writes OpenAI's. Bytes may be cut anywhere. */
import { malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { StreamEnding, StreamOptions, StreamScanner } from "../provider-codec.ts";
import { type EventSink, EventStream, type StreamEvent } from "../sse/event-stream.ts";
import { AnswerState } from "./answer-state.ts";
import { ChatChunks } from "./chat-chunks.ts";
import type { EventDecoder } from "./model-event.ts";

const maxEventBytes = 4_194_304;

export class TranslatedStream implements StreamScanner, EventSink {
  readonly state = new AnswerState();
  readonly #events = new EventStream(this, maxEventBytes);
  readonly #decoder: EventDecoder;
  readonly #chunks: ChatChunks;
  #forward: Uint8Array[] = [];
  #isClosed = false;

  constructor(decoder: EventDecoder, options: StreamOptions) {
    this.#decoder = decoder;
    this.#chunks = new ChatChunks(options);
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#events.push(chunk);
    return this.#takeForward();
  }

  end(): StreamEnding {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished?.data != null && this.#parse(unfinished) !== null) this.onEvent(unfinished);
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
    if (this.#isClosed || event.data === null) return;
    for (const told of this.#decoder.decode(this.#parse(event))) {
      this.state.note(told);
      // Nothing of a failed answer may follow, not even what the same event holds.
      if (this.state.failure !== null) {
        this.#isClosed = true;
        return;
      }
      const chunk = this.#chunks.write(told);
      if (chunk !== null) this.#forward.push(chunk);
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

  #parse({ data }: StreamEvent): Readonly<Record<string, unknown>> | null {
    return data === null ? null : readJsonObject(data.bytes.subarray(data.start, data.end));
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forward.push(this.#chunks.close(this.state));
  }

  #takeForward(): readonly Uint8Array[] {
    const forward = this.#forward;
    this.#forward = [];
    return forward;
  }
}
