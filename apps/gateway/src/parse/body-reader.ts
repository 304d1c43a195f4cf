import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.ts";

/**
 * A body over the limit is read to its end, up to this many bytes, before it is refused: a connection that is closed while
 * its client still writes is reset, and the client never sees the answer.
 */
const mostDiscardedBytes = 64 * 1024 * 1024;
const jsonMediaType = /^application\/json(?:; ?charset=utf-8)?$/i;

const formMediaType = /^multipart\/form-data *;/i;

export type BodyForm = "json" | "multipart" | "any";

const mediaTypes: { readonly [form in BodyForm]: { readonly pattern: RegExp; readonly name: string } } = {
  json: { pattern: jsonMediaType, name: "application/json" },
  multipart: { pattern: formMediaType, name: "multipart/form-data" },
  any: { pattern: /^/, name: "any" },
};

/** Reads request bodies within two bounds: what one body may weigh, and what all that are being read weigh together. */
export class BodyReader {
  readonly #mostBytes: { readonly [form in BodyForm]: number };
  readonly #mostBytesInFlight: number;
  #bytesInFlight = 0;

  constructor(mostBytes: { readonly [form in BodyForm]: number }, mostBytesInFlight: number) {
    this.#mostBytes = mostBytes;
    this.#mostBytesInFlight = mostBytesInFlight;
  }

  /** The whole body. Throws GatewayError: unsupported_media_type, body_too_large, overloaded, client_closed_request. */
  async read(request: IncomingMessage, form: BodyForm = "json"): Promise<Buffer> {
    const { headers } = request;
    const { pattern, name } = mediaTypes[form];
    const mostBytes = this.#mostBytes[form];
    if (!pattern.test(headers["content-type"] ?? "")) {
      throw new GatewayError("unsupported_media_type", `The Content-Type must be ${name}.`);
    }
    if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity") {
      throw new GatewayError("unsupported_media_type", "Compressed request bodies are not supported.");
    }
    const announced = Number(headers["content-length"] ?? 0);
    if (announced > mostBytes) {
      await discard(request, announced);
      throw tooLarge(mostBytes);
    }
    if (this.#bytesInFlight + announced > this.#mostBytesInFlight) throw overloaded();
    return new Promise((resolve, reject) => this.#collect(request, mostBytes, resolve, reject));
  }

  #collect(
    request: IncomingMessage,
    mostBytes: number,
    resolve: (body: Buffer) => void,
    reject: (error: GatewayError) => void,
  ): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stopCollecting = (): void => {
      this.#bytesInFlight -= bytes;
      bytes = 0;
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
    };
    const finish = (error: GatewayError | null): void => {
      stopCollecting();
      if (error !== null) reject(error);
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      this.#bytesInFlight += chunk.length;
      chunks.push(chunk);
      if (bytes > mostBytes) {
        const discarded = bytes;
        chunks.length = 0;
        stopCollecting();
        void discard(request, discarded).then(() => reject(tooLarge(mostBytes)));
      } else if (this.#bytesInFlight > this.#mostBytesInFlight) finish(overloaded());
    };
    const onEnd = (): void => finish(null);
    const onClose = (): void => finish(new GatewayError("client_closed_request", "The client closed the connection."));
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  }
}

function tooLarge(mostBytes: number): GatewayError {
  return new GatewayError("body_too_large", `The request body is larger than ${mostBytes} bytes.`);
}

/** Reads on without keeping anything; resolves at the end of the body, or where reading on would be too much. */
function discard(request: IncomingMessage, bytesKnown: number): Promise<void> {
  if (bytesKnown > mostDiscardedBytes) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    const done = (): void => {
      request.off("data", count).off("end", done).off("close", done).off("error", done);
      resolve();
    };
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > mostDiscardedBytes) done();
    };
    request.on("data", count).on("end", done).on("close", done).on("error", done);
  });
}

function overloaded(): GatewayError {
  return new GatewayError("overloaded", "The gateway is reading as many request bytes as it may hold.", {
    retryAfterSeconds: 1,
  });
}
