/**
 * Passes a stream on byte for byte while it takes note of what it tells. Withheld are an error and everything after it,
 * since the gateway words errors itself.
 */
import type { ClientError } from "../clients/client-protocol.ts";
import { classifyErrorObject, malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { ProviderFailure, StreamEnding, StreamScanner, StreamState } from "../provider-codec.ts";
import { isDoneMark } from "../sse/done-mark.ts";
import { type EventSink, EventStream, isBlank, type StreamEvent } from "../sse/event-stream.ts";
import { ForwardedEvents } from "../sse/forwarded-events.ts";

const maxEventBytes = 8_388_608;
const blankLine = Uint8Array.of(0x0a, 0x0a);

/** What one protocol's events come to. It is changed by `note` alone. */
export interface StreamNotes extends StreamState {
  note(event: Readonly<Record<string, unknown>>): void;
  fail(failure: ProviderFailure): void;
  verdict(): StreamEnding["verdict"];
  /** What is to be added to an answer that is whole, and whose last events the provider did not send; or nothing. */
  missingEnd(): Uint8Array | null;
  writeFailure(error: ClientError): Uint8Array;
}

export class PassingStream implements StreamScanner, EventSink {
  readonly state: StreamState;
  readonly #notes: StreamNotes;
  readonly #events = new EventStream(this, maxEventBytes);
  readonly #forwarded = new ForwardedEvents();
  #lastWasForwarded = false;
  #isClosed = false;

  constructor(notes: StreamNotes) {
    this.state = notes;
    this.#notes = notes;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#events.push(chunk);
    return this.#forwarded.take();
  }

  end(): StreamEnding {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished?.data != null && parse(unfinished) !== null) {
      this.onEvent(unfinished);
      if (this.#lastWasForwarded) this.#forwarded.append(blankLine);
    }
    const verdict = this.#notes.verdict();
    const isWhole = verdict !== "errored" && verdict !== "truncated";
    const missing = isWhole ? this.#notes.missingEnd() : null;
    if (missing !== null) this.#forwarded.append(missing);
    return {
      forward: this.#forwarded.take(),
      verdict,
      failure: this.state.failure ?? (verdict === "truncated" ? truncatedResponse() : null),
      empty: verdict === "complete" && !this.state.contentSeen,
    };
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#notes.writeFailure(error);
  }

  onEvent(event: StreamEvent): void {
    if (!this.#isClosed) this.#read(event);
    this.#lastWasForwarded = !this.#isClosed && this.state.failure === null && !isBlank(event);
    if (this.#lastWasForwarded) this.#forwarded.add(event);
    if (this.state.doneSeen || this.state.failure !== null) this.#isClosed = true;
  }

  onLateLineFeed(lineFeed: Uint8Array): void {
    if (this.#lastWasForwarded) this.#forwarded.append(lineFeed);
  }

  onUnreadable(): void {
    this.#notes.fail(malformedResponse());
    this.#isClosed = true;
  }

  #read(event: StreamEvent): void {
    const { data } = event;
    if (data === null || data.start === data.end) {
      if (event.isError) this.#notes.fail(classifyErrorObject(null));
      return;
    }
    // Some servers in between end every stream like this; it says nothing about the answer.
    if (isDoneMark(data)) return;
    const parsed = parse(event);
    if (parsed === null) this.#notes.fail(event.isError ? classifyErrorObject(null) : malformedResponse());
    else this.#notes.note(parsed);
  }
}

function parse({ data }: StreamEvent): Readonly<Record<string, unknown>> | null {
  return data === null ? null : readJsonObject(data.bytes.subarray(data.start, data.end));
}
