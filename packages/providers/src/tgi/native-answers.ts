/**
 * The API that TGI had before it spoke OpenAI's: an event for each token, the last with all of the text and its details.
 * And calls of tools as it streamed them at first.
 */
import type { EventDecoder, ModelEvent } from "../events/model-event.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { beginsWithMember, type NativeAnswers } from "../native-answers/native-answers.ts";
import { openAiFinish } from "../openai/finish-reason.ts";
import { usageOf } from "../operations/read-quantities.ts";
import { beginsWithCallAsText, CallAsTextDecoder } from "./calls-as-text.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };

const beginsWithToken = beginsWithMember("index", "token", "generated_text");

export const tgiNativeAnswers: NativeAnswers = {
  isNative: (beginning) => (beginsWithToken(beginning) === true ? true : beginsWithCallAsText(beginning)),
  framing: "events",
  createDecoder: () => new OwnFormDecoder(),
};

/** Whichever form the first event is in. */
class OwnFormDecoder implements EventDecoder {
  #decoder: EventDecoder | null = null;

  decode(event: Fields | null): readonly ModelEvent[] {
    this.#decoder ??= event?.["object"] === "chat.completion.chunk" ? new CallAsTextDecoder() : new TgiDecoder();
    return this.#decoder.decode(event);
  }
}

class TgiDecoder implements EventDecoder {
  #hasStarted = false;
  #isFinished = false;
  #hasText = false;

  decode(event: Fields | null): readonly ModelEvent[] {
    if (event === null) return [malformed];
    const { token, generated_text: whole, details } = event;
    if (event["error"] !== undefined) return [{ type: "failure", failure: classifyErrorObject(event) }];
    if (!isFields(token) && typeof whole !== "string") return [malformed];
    const events: ModelEvent[] = [];
    if (!this.#hasStarted) events.push({ type: "start", id: null, model: null });
    this.#hasStarted = true;
    if (isFields(token) && token["special"] !== true) events.push(...this.#text(token["text"]));
    if (typeof whole !== "string" || this.#isFinished) return events;
    this.#isFinished = true;
    if (!this.#hasText) events.push(...this.#text(whole));
    return [...events, ...finish(isFields(details) ? details : {})];
  }

  #text(text: unknown): readonly ModelEvent[] {
    if (typeof text !== "string" || text === "") return [];
    this.#hasText = true;
    return [{ type: "text", text }];
  }
}

/** Details come where they were asked for; the text alone is an answer too. */
function finish({
  finish_reason: told,
  generated_tokens: output,
  input_length: length,
  prefill,
}: Fields): ModelEvent[] {
  const reason = typeof told === "string" ? openAiFinish(told) : told === undefined ? "stop" : undefined;
  if (reason === undefined) return [malformed];
  const input = length ?? (Array.isArray(prefill) && prefill.length > 0 ? prefill.length : undefined);
  // What was read is half of what is billed.
  const usage = input === undefined || output === undefined ? null : usageOf({ input, output });
  return [
    ...(usage === null ? [] : [{ type: "usage" as const, usage, serviceTier: null }]),
    { type: "finish", reason, stopSequence: null },
  ];
}
