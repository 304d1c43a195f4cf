/**
 * Reads an OpenAI chat stream as it passes through. Whole events are forwarded, byte for byte, as soon as they are
 * complete; the beginning of an event waits for its end, because only then is it known what it is. Withheld are:
 * the usage chunk that the client did not ask for; an error and everything after it, since the gateway words errors
 * itself; and a `[DONE]` that would make a cut answer look whole.
 */
import type { ClientError } from "../clients/client-protocol.ts";
import { writeChatStreamError } from "../clients/chat-completions/write-error.ts";
import type {
  AnswerOptions,
  ProviderFailure,
  StreamEnding,
  StreamScanner,
  StreamState,
  UsageReading,
} from "../provider-codec.ts";
import { isDoneMark } from "../sse/done-mark.ts";
import { type EventSink, EventStream, type StreamEvent } from "../sse/event-stream.ts";
import { ForwardedEvents } from "../sse/forwarded-events.ts";
import { classifyErrorObject, malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { type CompletionFacts, readCompletionFacts } from "./completion-facts.ts";
import { type OpenAiDialect, openAiDialect } from "./dialect.ts";
import { isFailedFinish } from "./finish-reason.ts";
import { isLessUsage, readOpenAiUsage } from "./read-usage.ts";

export const maxEventBytes = 1_048_576;

const blankLine = Uint8Array.of(0x0a, 0x0a);

export function createOpenAiStreamScanner(
  options: Pick<AnswerOptions, "forwardUsage">,
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
  readonly #options: Pick<AnswerOptions, "forwardUsage">;
  readonly #dialect: OpenAiDialect;
  readonly #events: EventStream = new EventStream(this, maxEventBytes);
  readonly #forwarded = new ForwardedEvents();
  #lastWasForwarded = false;
  /** Set once nothing more may reach the client: after `[DONE]` or an error. */
  #isClosed = false;

  constructor(options: Pick<AnswerOptions, "forwardUsage">, dialect: OpenAiDialect) {
    this.#options = options;
    this.#dialect = dialect;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#events.push(chunk);
    return this.#forwarded.take();
  }

  end(): StreamEnding {
    const unfinished = this.#events.takeUnfinished();
    if (unfinished !== null && this.#isWhole(unfinished)) {
      this.onEvent(unfinished);
      if (this.#lastWasForwarded) this.#forwarded.append(blankLine);
    }
    const verdict = this.#verdict();
    return {
      forward: this.#forwarded.take(),
      verdict,
      failure: this.failure ?? (verdict === "truncated" ? truncatedResponse() : null),
      empty: verdict === "complete" && !this.contentSeen,
    };
  }

  writeFailure(error: ClientError): Uint8Array {
    return writeChatStreamError(error);
  }

  onEvent(event: StreamEvent): void {
    this.#lastWasForwarded = this.#read(event) && !this.#isClosed;
    if (this.failure !== null || this.doneSeen) this.#isClosed = true;
    if (this.#lastWasForwarded) this.#forwarded.add(event);
  }

  onLateLineFeed(lineFeed: Uint8Array): void {
    if (this.#lastWasForwarded) this.#forwarded.append(lineFeed);
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
    if (isDoneMark(event.data)) {
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
    if (this.failure !== null || this.#isWithheld(facts)) return false;
    return this.#options.forwardUsage || !isUsageChunk;
  }

  #isWithheld({ choices, usage }: CompletionFacts): boolean {
    if (this.#dialect.bareChoices === "passed" || choices === null || usage !== undefined) return false;
    return choices.length > 0 && choices.every(({ isBare, finishReason }) => isBare && finishReason === null);
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
    if (!isLessUsage(reading, this.usage)) this.usage = reading;
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
    return data !== null && (isDoneMark(data) || readCompletionFacts(data.bytes, data.start, data.end) !== null);
  }

  #fail(failure: ProviderFailure): void {
    this.failure ??= failure;
  }
}
