/**
 * Reads an OpenAI chat stream as it passes through. Whole events are forwarded, byte for byte, as soon as they are
 * complete; the beginning of an event waits for its end, because only then is it known what it is. Withheld are:
 * the usage chunk that the client did not ask for; an error and everything after it, since the gateway words errors
 * itself; and a `[DONE]` that would make a cut answer look whole.
 */
import type {
  ProviderFailure,
  StreamEnding,
  StreamOptions,
  StreamScanner,
  StreamState,
  UsageReading,
} from "../provider-codec.ts";
import { totalQuantity, inputTokenMeters, outputTokenMeters } from "@switchyard/metering/meters";
import { type EventData, type EventSink, EventStream, type StreamEvent } from "../sse/event-stream.ts";
import { classifyErrorObject, malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { type CompletionFacts, readCompletionFacts } from "./completion-facts.ts";
import { type OpenAiDialect, openAiDialect } from "./dialect.ts";
import { isFailedFinish } from "./finish-reason.ts";
import { readOpenAiUsage } from "./read-usage.ts";

export const maxEventBytes = 1_048_576;

const blankLine = Uint8Array.of(0x0a, 0x0a);
const done = Uint8Array.from("[DONE]", (character) => character.charCodeAt(0));

export function createOpenAiStreamScanner(
  options: Pick<StreamOptions, "forwardUsage">,
  dialect: OpenAiDialect = openAiDialect,
): StreamScanner {
  return new OpenAiStreamScanner(options, dialect);
}

class OpenAiStreamScanner implements StreamScanner, StreamState, EventSink {
  readonly state: StreamState = this;
  contentSeen = false;
  contentBytes = 0;
  usage: UsageReading | null = null;
  readonly finishReasons = new Map<number, string | null>();
  refusalSeen = false;
  doneSeen = false;
  failure: ProviderFailure | null = null;
  serviceTier: string | null = null;
  model: string | null = null;
  readonly #options: Pick<StreamOptions, "forwardUsage">;
  readonly #dialect: OpenAiDialect;
  readonly #events: EventStream = new EventStream(this, maxEventBytes);
  #forward: Uint8Array[] = [];
  /** The run of forwarded bytes that the next event may extend. */
  #runBytes: Uint8Array | null = null;
  #runStart = 0;
  #runEnd = 0;
  #lastWasForwarded = false;
  /** Set once nothing more may reach the client: after `[DONE]` or an error. */
  #isClosed = false;

  constructor(options: Pick<StreamOptions, "forwardUsage">, dialect: OpenAiDialect) {
    this.#options = options;
    this.#dialect = dialect;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#events.push(chunk);
    return this.#takeForward();
  }

  end(): StreamEnding {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished !== null && this.#isWhole(unfinished)) {
      this.onEvent(unfinished);
      if (this.#lastWasForwarded) {
        this.#closeRun();
        this.#forward.push(blankLine);
      }
    }
    const verdict = this.#verdict();
    return {
      forward: this.#takeForward(),
      verdict,
      failure: this.failure ?? (verdict === "truncated" ? truncatedResponse() : null),
      empty: verdict === "complete" && !this.contentSeen,
    };
  }

  onEvent(event: StreamEvent): void {
    this.#lastWasForwarded = this.#read(event) && !this.#isClosed;
    if (this.failure !== null || this.doneSeen) this.#isClosed = true;
    if (!this.#lastWasForwarded) return;
    if (this.#runBytes === event.bytes && this.#runEnd === event.start) {
      this.#runEnd = event.end;
      return;
    }
    this.#closeRun();
    this.#runBytes = event.bytes;
    this.#runStart = event.start;
    this.#runEnd = event.end;
  }

  onLateLineFeed(lineFeed: Uint8Array): void {
    if (this.#lastWasForwarded) this.#forward.push(lineFeed);
  }

  onOversize(): void {
    this.#fail(malformedResponse());
    this.#isClosed = true;
  }

  /** Takes note of an event; answers whether it may be forwarded. */
  #read(event: StreamEvent): boolean {
    if (event.data === null) {
      if (event.isError) this.#fail(classifyErrorObject(null));
      return this.failure === null;
    }
    const { bytes, start, end } = event.data;
    // Some servers keep a connection alive with empty data, which clients would take for broken JSON.
    if (start === end) return false;
    if (isDone(event.data)) {
      this.doneSeen = true;
      return this.failure === null && this.#isFinished();
    }
    const facts = readCompletionFacts(bytes, start, end, this.#dialect.vendorKey);
    if (facts === null) {
      this.#fail(event.isError ? classifyErrorObject(null) : malformedResponse());
      return false;
    }
    const isUsageChunk = this.#note(facts);
    if (facts.error !== undefined || event.isError) this.#fail(classifyErrorObject(facts.error));
    return this.failure === null && (this.#options.forwardUsage || !isUsageChunk);
  }

  /** Answers whether the chunk carries usage and nothing else. */
  #note(facts: CompletionFacts): boolean {
    this.contentBytes += facts.contentBytes;
    if (this.model === null) this.model = facts.model;
    if (this.serviceTier === null) this.serviceTier = facts.serviceTier;
    // What comes after the end of the answer cannot reach the client, so it cannot complete the answer either.
    for (const choice of this.#isClosed ? [] : (facts.choices ?? [])) {
      if (isFailedFinish(choice.finishReason)) this.#fail(classifyErrorObject(null));
      if (choice.hasContent || choice.hasRefusal) this.contentSeen = true;
      if (choice.hasRefusal) this.refusalSeen = true;
      // A late chunk without a reason does not unfinish a choice; a repeated reason is the same one again.
      const reason = choice.finishReason ?? this.finishReasons.get(choice.index) ?? null;
      this.finishReasons.set(choice.index, reason);
    }
    if (facts.usage === undefined) return false;
    this.#noteUsage(readOpenAiUsage(facts.usage, "chat", this.#dialect.usage));
    return facts.choices !== null && facts.choices.length === 0;
  }

  /** Servers that report as they go repeat growing figures: the largest report counts, never the sum. */
  #noteUsage(reading: UsageReading): void {
    const known = this.usage;
    const isSmaller = reading.kind === "usable" && known?.kind === "usable" && tokens(reading) < tokens(known);
    if (!isSmaller) this.usage = reading;
  }

  #verdict(): StreamEnding["verdict"] {
    if (this.failure !== null) return "errored";
    if (!this.#isFinished()) return "truncated";
    if (this.refusalSeen) return "refused";
    return [...this.finishReasons.values()].includes("content_filter") ? "filtered" : "complete";
  }

  /** Every choice that began has ended, and one did begin (wire formats 1.4). */
  #isFinished(): boolean {
    if (this.finishReasons.size === 0) return false;
    for (const reason of this.finishReasons.values()) if (reason === null) return false;
    return true;
  }

  /** A last event without its blank line counts if nothing of it is missing. */
  #isWhole({ data }: StreamEvent): boolean {
    return data !== null && (isDone(data) || readCompletionFacts(data.bytes, data.start, data.end) !== null);
  }

  #fail(failure: ProviderFailure): void {
    this.failure ??= failure;
  }

  #closeRun(): void {
    if (this.#runBytes !== null) this.#forward.push(this.#runBytes.subarray(this.#runStart, this.#runEnd));
    this.#runBytes = null;
  }

  #takeForward(): readonly Uint8Array[] {
    this.#closeRun();
    const forward = this.#forward;
    this.#forward = [];
    return forward;
  }
}

function isDone({ bytes, start, end }: EventData): boolean {
  if (end - start < done.length) return false;
  for (let offset = 0; offset < done.length; offset++) if (bytes[start + offset] !== done[offset]) return false;
  return true;
}

function tokens(reading: UsageReading & { kind: "usable" }): number {
  return totalQuantity(reading.usage, inputTokenMeters) + totalQuantity(reading.usage, outputTokenMeters);
}
