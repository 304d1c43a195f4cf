/** Reads the frames of ConverseStream through the event model and writes the client's stream. */
import type { ClientError } from "../clients/client-protocol.ts";
import { EventTranslation } from "../events/event-translation.ts";
import type { ModelEvent } from "../events/model-event.ts";
import { FrameReader, type Frame } from "../event-frames/frame-reader.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, ProviderFailure, StreamEnding, StreamScanner, StreamState } from "../provider-codec.ts";
import { classifyException } from "./classify-failure.ts";
import { ConverseDecoder } from "./decode-events.ts";

const maxFrameBytes = 4_194_304;

export class ConverseStream implements StreamScanner {
  readonly state: StreamState;
  readonly #frames = new FrameReader(maxFrameBytes);
  readonly #decoder = new ConverseDecoder();
  readonly #translation: EventTranslation;

  constructor(options: AnswerOptions) {
    this.#translation = new EventTranslation(options);
    this.state = this.#translation.state;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    for (const frame of this.#frames.push(chunk)) this.#translation.add(readFrame(frame, this.#decoder));
    if (this.#frames.isBroken) this.#translation.fail(malformedResponse());
    return this.#translation.takeForward();
  }

  end(): StreamEnding {
    return this.#translation.end();
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#translation.writeFailure(error);
  }
}

/** The events that a stream tells which came as one body; it has a failure where it cannot be read. */
export function readFrames(body: Uint8Array): readonly ModelEvent[] {
  const reader = new FrameReader(maxFrameBytes);
  const decoder = new ConverseDecoder();
  const told = reader.push(body).flatMap((frame) => readFrame(frame, decoder));
  return reader.isBroken ? [...told, failed(malformedResponse())] : told;
}

/** Whether a body is a row of frames: a frame begins with its length, and none is so long that its first byte is not 0. */
export function beginsWithFrame(body: Uint8Array): boolean {
  return body[0] === 0;
}

function readFrame({ headers, payload }: Frame, decoder: ConverseDecoder): readonly ModelEvent[] {
  const content = readJsonObject(payload);
  switch (headers.get(":message-type")) {
    case "exception":
      return [failed(classifyException(headers.get(":exception-type"), content?.["message"]))];
    case "error":
      return [failed(classifyException(headers.get(":error-code"), headers.get(":error-message")))];
    case "event":
      return decoder.decode(headers.get(":event-type") ?? "", content);
    default:
      return [failed(malformedResponse())];
  }
}

function failed(failure: ProviderFailure): ModelEvent {
  return { type: "failure", failure };
}
