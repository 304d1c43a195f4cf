/**
 * Reads an OpenAI chat stream as it passes through. Whole events are forwarded, byte for byte, as soon as they are
 * complete; the beginning of an event waits for its end, because only then is it known what it is. Withheld are:
 * the usage chunk that the client did not ask for; an error and everything after it, since the gateway words errors
 * itself; and a `[DONE]` that would make a cut answer look whole. Held back is the finish, until nothing can follow that
 * makes it untrue. Changed is what a client would misread (repair/). Added is what a whole answer lacks: usage that the
 * client asked for, and `[DONE]`.
 */
import type { ClientError } from "../clients/client-protocol.ts";
import { writeChatStreamError } from "../clients/chat-completions/write-error.ts";
import type { AnswerOptions, StreamEnding, StreamScanner } from "../provider-codec.ts";
import { isDoneMark } from "../sse/done-mark.ts";
import { type EventSink, EventStream, isBlank, type StreamEvent } from "../sse/event-stream.ts";
import { ForwardedEvents } from "../sse/forwarded-events.ts";
import { classifyErrorObject, malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { type OpenAiDialect, openAiDialect } from "./dialect.ts";
import { failureInChunk } from "./failure-in-chunk.ts";
import { forward, HeldEnding, type OutgoingEvent } from "./held-ending.ts";
import { readCompletionFacts } from "./read-completion-facts.ts";
import { OutgoingChunks } from "./outgoing-chunks.ts";
import { CompletionNotes } from "./completion-notes.ts";

/** Pictures come as one event. */
export const maxEventBytes = 8_388_608;

const space = 0x20;
const blankLine = Uint8Array.of(0x0a, 0x0a);
const done = encodeUtf8("data: [DONE]\n\n");

export function createOpenAiStreamScanner(
  options: Pick<AnswerOptions, "forwardUsage">,
  dialect: OpenAiDialect = openAiDialect,
): StreamScanner {
  return new OpenAiStreamScanner(options, dialect);
}

class OpenAiStreamScanner implements StreamScanner, EventSink {
  readonly state: CompletionNotes;
  readonly #dialect: OpenAiDialect;
  readonly #events: EventStream = new EventStream(this, maxEventBytes);
  readonly #forwarded = new ForwardedEvents();
  readonly #ending = new HeldEnding();
  readonly #outgoing: OutgoingChunks;
  /** Where the bytes of the last event went: what belongs to them goes there too. */
  #last: "forwarded" | "held" | "nowhere" = "nowhere";
  /** Set once nothing more may reach the client: after `[DONE]` or an error. */
  #isClosed = false;

  constructor(options: Pick<AnswerOptions, "forwardUsage">, dialect: OpenAiDialect) {
    this.#dialect = dialect;
    this.state = new CompletionNotes(dialect.usage);
    this.#outgoing = new OutgoingChunks(options.forwardUsage, dialect);
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#events.push(chunk);
    return this.#forwarded.take();
  }

  end(): StreamEnding {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished !== null && this.#isWhole(unfinished)) {
      this.onEvent(unfinished);
      this.#follow(blankLine);
    }
    const verdict = this.#verdict();
    if (verdict === "errored") this.#ending.releaseAs(null, this.#forwarded);
    else if (verdict !== "truncated") this.#close(done);
    return {
      forward: this.#forwarded.take(),
      verdict,
      failure: this.state.failure ?? (verdict === "truncated" ? truncatedResponse() : null),
      empty: verdict === "complete" && !this.state.contentSeen,
    };
  }

  writeFailure(error: ClientError): Uint8Array {
    return writeChatStreamError(error);
  }

  onEvent(event: StreamEvent): void {
    this.#last = "nowhere";
    const outgoing = this.#read(event);
    if (outgoing !== null && !this.#isClosed && this.state.failure === null) this.#send(outgoing);
    if (this.state.failure !== null) this.#isClosed = true;
  }

  onLateLineFeed(lineFeed: Uint8Array): void {
    this.#follow(lineFeed);
  }

  onUnreadable(): void {
    this.state.fail(malformedResponse());
    this.#isClosed = true;
  }

  /** Takes note of an event; answers what is to be sent of it. */
  #read(event: StreamEvent): OutgoingEvent | null {
    if (event.data === null) {
      if (event.isError) this.state.fail(classifyErrorObject(null));
      // Before a page that is no stream, too; nothing may reach the client of one.
      return isBlank(event) ? null : event;
    }
    const { bytes, start, end } = event.data;
    // Some servers keep a connection alive with empty data, which clients would take for broken JSON.
    if (start === end) return null;
    if (isDoneMark(event.data)) {
      this.state.doneSeen = true;
      // Clients know it by its first letter.
      if (this.state.failure === null && this.state.isFinished) this.#close(bytes[start] === space ? done : event);
      this.#isClosed = true;
      return null;
    }
    const facts = readCompletionFacts(bytes, start, end, this.#dialect.vendorKey);
    if (facts === null) {
      this.state.fail(event.isError ? classifyErrorObject(null) : malformedResponse());
      return null;
    }
    const isCompletion = event.isJson && facts.choices !== null && this.#dialect.repairsAnswers;
    const failure = failureInChunk(event.data, event.isError && !isCompletion, facts, this.#dialect);
    if (failure !== null) this.state.fail(failure);
    this.state.note(facts, this.#isClosed);
    if (this.state.failure !== null || this.#isClosed) return null;
    const outgoing = this.#outgoing.of(event, facts);
    // Arguments that no client can read, which a length limit alone excuses.
    if (this.#outgoing.isBroken) this.state.fail(malformedResponse());
    return outgoing;
  }

  #send(event: OutgoingEvent): void {
    if (this.state.isFinished && !this.#ending.isFull) {
      this.#ending.add(event);
      this.#last = event instanceof Uint8Array ? "nowhere" : "held";
      return;
    }
    this.#ending.release(this.#forwarded);
    forward(event, this.#forwarded);
    this.#last = event instanceof Uint8Array ? "nowhere" : "forwarded";
  }

  /** Sends the ending, what it lacks, and the last word. */
  #close(last: OutgoingEvent): void {
    if (this.#isClosed) return;
    if (this.#outgoing.isFilteredLate) this.#ending.releaseAs("content_filter", this.#forwarded);
    else this.#ending.release(this.#forwarded);
    const usage = this.#outgoing.missingUsage(this.state.usage);
    if (usage !== null) this.#forwarded.append(usage);
    forward(last, this.#forwarded);
    this.#last = last instanceof Uint8Array ? "nowhere" : "forwarded";
    this.#isClosed = true;
  }

  #follow(bytes: Uint8Array): void {
    if (this.#last === "forwarded") this.#forwarded.append(bytes);
    else if (this.#last === "held") this.#ending.add(bytes);
  }

  #verdict(): StreamEnding["verdict"] {
    if (this.state.failure !== null) return "errored";
    if (!this.state.isFinished) return "truncated";
    if (this.state.refusalSeen) return "refused";
    if (this.#outgoing.isFilteredLate) return "filtered";
    return [...this.state.finishReasons.values()].includes("content_filter") ? "filtered" : "complete";
  }

  /** A last event without its blank line counts if nothing of it is missing. */
  #isWhole({ data }: StreamEvent): boolean {
    return data !== null && (isDoneMark(data) || readCompletionFacts(data.bytes, data.start, data.end) !== null);
  }
}
