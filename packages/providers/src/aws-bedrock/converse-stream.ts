/** Reads the frames of ConverseStream through the event model and writes the client's stream. */
import type { ClientError } from "../clients/client-protocol.ts";
import { EventTranslation } from "../events/event-translation.ts";
import { FrameReader, type Frame } from "../event-frames/frame-reader.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, StreamEnding, StreamScanner, StreamState } from "../provider-codec.ts";
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
    for (const frame of this.#frames.push(chunk)) this.#read(frame);
    if (this.#frames.isBroken) this.#translation.fail(malformedResponse());
    return this.#translation.takeForward();
  }

  end(): StreamEnding {
    return this.#translation.end();
  }

  writeFailure(error: ClientError): Uint8Array {
    return this.#translation.writeFailure(error);
  }

  #read({ headers, payload }: Frame): void {
    const content = readJsonObject(payload);
    switch (headers.get(":message-type")) {
      case "exception":
        this.#translation.fail(classifyException(headers.get(":exception-type"), content?.["message"]));
        break;
      case "error":
        this.#translation.fail(classifyException(headers.get(":error-code"), headers.get(":error-message")));
        break;
      case "event":
        this.#translation.add(this.#decoder.decode(headers.get(":event-type") ?? "", content));
        break;
      default:
        this.#translation.fail(malformedResponse());
    }
  }
}
