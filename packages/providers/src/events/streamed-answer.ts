/** Servers that answer with a stream where a whole answer was asked for: what they say is put together. */
import { malformedResponse } from "../failure/classify-failure.ts";
import { openingBrace } from "../json/json-cursor.ts";
import type { AnswerOptions, CompleteResponse } from "../provider-codec.ts";
import { DecodedStream } from "./decoded-stream.ts";
import type { EventDecoder, ModelEvent } from "./model-event.ts";
import { writeAnswer } from "./write-answer.ts";

const longestBeginning = 64;
const fieldOfEvents = /^(?:data|event|id|retry)?:/;

/** Whether a body is an event stream, which no JSON begins like. */
export function isEventStream(body: Uint8Array): boolean {
  // Told by one byte for nearly every answer: this is asked of all of them.
  if (body[0] === openingBrace) return false;
  const beginning = String.fromCharCode(...body.subarray(0, longestBeginning));
  return fieldOfEvents.test(beginning.trimStart());
}

/** The events that a stream tells which came as one body; it has a failure where it cannot be read. */
export function readEvents(body: Uint8Array, decoder: EventDecoder): readonly ModelEvent[] {
  const told: ModelEvent[] = [];
  const stream = new DecodedStream(decoder, {
    add: (events) => void told.push(...events),
    fail: (failure) => void told.push({ type: "failure", failure }),
  });
  stream.push(body);
  stream.end();
  return told;
}

/**
 * Judges an answer that came as a stream, and writes it whole. One without its semantic end is `truncated`; one of several
 * choices is refused, since decoders read one.
 */
export function writeStreamedAnswer(
  body: Uint8Array,
  decoder: EventDecoder,
  options: AnswerOptions,
  stops: readonly string[] = [],
): CompleteResponse {
  const { n: choices } = options.request;
  if (typeof choices === "number" && choices > 1) return { ok: false, failure: malformedResponse() };
  return writeAnswer(readEvents(body, decoder), options, stops);
}
