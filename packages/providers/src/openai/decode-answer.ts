/**
 * Reads chat completions and their chunks into the event model, for clients of another protocol. Servers of this
 * protocol differ in small ways (wire formats 1.8 and 1.9); all of them are understood here.
 */
import type { EventDecoder, ModelEvent } from "../events/model-event.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { classifyErrorObject, classifyHeldError, malformedResponse } from "../failure/classify-failure.ts";
import { classifyStrayError } from "../failure/stray-error.ts";
import { layerError } from "../failure/vendor-codes.ts";
import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, CompleteResponse, UsageReading } from "../provider-codec.ts";
import { toldUsage } from "./told-usage.ts";
import { deltaOf } from "./delta-of.ts";
import type { OpenAiDialect } from "./dialect.ts";
import { stopsBeyond } from "./emulated-request.ts";
import { isFailedFinish, isUnfinished, openAiFinish, withCalls } from "./finish-reason.ts";
import { isLessUsage, readOpenAiUsage } from "./read-usage.ts";
import { readContent, ToolCallReader } from "./read-delta.ts";
import { logprobEvents } from "./read-logprobs.ts";
import { readSources } from "./read-sources.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };

/** Judges a whole chat completion and translates it. */
export function translateCompletion(
  body: Uint8Array,
  dialect: OpenAiDialect,
  options: AnswerOptions,
): CompleteResponse {
  const completion = readJsonObject(body);
  return completion === null
    ? { ok: false, failure: malformedResponse() }
    : writeAnswer(decodeCompletion(completion, dialect), options, stopsBeyond(options.request, dialect));
}

/** The events of a completion that came whole: the same that its stream would have told. */
function decodeCompletion(completion: Fields, dialect: OpenAiDialect): readonly ModelEvent[] {
  const choices: readonly unknown[] = Array.isArray(completion["choices"]) ? completion["choices"] : [];
  const [choice] = choices;
  // A filter that blocked an answer leaves no message behind.
  const isAnswer = isFields(choice) && (isFields(choice["message"]) || !isUnfinished(choice["finish_reason"]));
  const chunk = isAnswer ? { ...completion, choices: [{ ...choice, delta: choice["message"] }] } : completion;
  const events = new OpenAiDecoder(dialect).decode(chunk);
  const isFailed = events.some(({ type }) => type === "failure");
  return isAnswer || isFailed ? [...events, { type: "end" }] : [malformed];
}

export class OpenAiDecoder implements EventDecoder {
  readonly #dialect: OpenAiDialect;
  readonly #calls = new ToolCallReader();
  /** Links of pages that were told. */
  readonly #cited = new Set<string | null>();
  #usage: UsageReading | null = null;
  #hasStarted = false;

  constructor(dialect: OpenAiDialect) {
    this.#dialect = dialect;
  }

  decode(chunk: Fields | null): readonly ModelEvent[] {
    if (chunk === null) return [malformed];
    const vendor = this.#dialect.vendorKey === null ? undefined : chunk[this.#dialect.vendorKey.text];
    const own = isFields(vendor) ? vendor : {};
    const error = chunk["error"] ?? own["error"] ?? layerError(chunk);
    const { errorMeanings } = this.#dialect;
    if (error !== undefined && error !== null) {
      return [{ type: "failure", failure: classifyHeldError(chunk, error, errorMeanings) }];
    }
    const { choices } = chunk;
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    const usage = toldUsage(chunk["usage"] ?? own["usage"] ?? (isFields(choice) ? choice["usage"] : undefined));
    const stray = Array.isArray(choices) ? null : classifyStrayError(chunk, errorMeanings);
    if (stray !== null) return [{ type: "failure", failure: stray }];
    return [
      // Before the answer some servers send chunks that name neither it nor the model.
      ...(isFields(choice) || isFields(usage) ? this.#start(chunk) : []),
      ...this.#readUsage(usage, chunk["service_tier"]),
      ...(isFields(choice) ? this.#readChoice(choice, this.#readSources(chunk)) : []),
    ];
  }

  #start({ id, model }: Fields): readonly ModelEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    return [{ type: "start", id: id === "" ? null : textOrNull(id), model: textOrNull(model) }];
  }

  /** Servers that report as they go repeat growing figures: the largest report counts, never the sum. */
  #readUsage(raw: unknown, serviceTier: unknown): readonly ModelEvent[] {
    if (raw === undefined || raw === null) return [];
    const reading = readOpenAiUsage(raw, "chat", this.#dialect.usage);
    if (isLessUsage(reading, this.#usage)) return [];
    this.#usage = reading;
    return [{ type: "usage", usage: reading, serviceTier: textOrNull(serviceTier) }];
  }

  #readSources(chunk: Fields): readonly ModelEvent[] {
    const fresh = readSources(chunk).filter(({ url }) => !this.#cited.has(url));
    for (const { url } of fresh) this.#cited.add(url);
    return fresh.map((citation) => ({ type: "citation", citation }));
  }

  #readChoice(choice: Fields, sources: readonly ModelEvent[]): readonly ModelEvent[] {
    const told = deltaOf(choice);
    const delta = told ?? {};
    // A filter's verdict in a chunk of its own: the answer was filtered, however it ended.
    if (told === null && isFiltered(choice["content_filter_results"])) {
      return [{ type: "finish", reason: "content_filter", stopSequence: null }];
    }
    const events = [
      ...logprobEvents(choice["logprobs"], delta["content"]),
      ...readContent(delta),
      ...sources,
      ...this.#calls.read(delta),
    ];
    const { finish_reason: finish, stop_reason: stopSequence } = choice;
    if (isUnfinished(finish)) return events;
    if (typeof finish !== "string" || isFailedFinish(finish)) {
      return [...events, { type: "failure", failure: classifyErrorObject(null) }];
    }
    const mapped = openAiFinish(finish);
    if (mapped === undefined) return [...events, malformed];
    const reason = withCalls(mapped, this.#calls.count > 0);
    return [
      ...events,
      ...this.#calls.close(),
      { type: "finish", reason, stopSequence: reason === "stop" ? textOrNull(stopSequence) : null },
    ];
  }
}

function isFiltered(results: unknown): boolean {
  return isFields(results) && Object.values(results).some((result) => isFields(result) && result["filtered"] === true);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
