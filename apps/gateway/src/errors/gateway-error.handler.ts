import type { ServerResponse } from "node:http";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Call } from "../accept/call.ts";
import { answerHeaders } from "../accept/answer-headers.ts";
import { errorBody } from "./error-body.ts";
import { GatewayError } from "./gateway-error.ts";

const defaultRetryAfterSeconds = 1;

/** The one place where an error becomes an answer. */
export class GatewayErrorHandler {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Ends the call with this error, in the shape of its client's protocol. An answer that has begun cannot be changed: it is cut off. */
  answer(call: Call, thrown: unknown): void {
    const error = this.#asGatewayError(thrown, call.requestId);
    call.errorCode = error.code;
    if (error.reason !== null) call.because.push(error.reason);
    const { response } = call;
    if (response.headersSent) {
      if (!call.isEnding) response.destroy();
      return;
    }
    call.status = error.definition.status;
    // A body that was not read to its end leaves the connection in no state to carry another request.
    if (!call.request.complete) call.isLastOnConnection = true;
    call.responseBytes = writeError(
      response,
      error,
      errorBody(error, call.client, call.requestId),
      answerHeaders(call),
    );
  }

  #asGatewayError(thrown: unknown, requestId: string): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    this.#logger.error({ err: thrown, requestId }, "a request failed in a way that no stage expected");
    return new GatewayError("internal_error", "The gateway failed to handle this request.", { cause: thrown });
  }
}

/** Writes the whole answer and returns the size of its body. */
export function writeError(
  response: ServerResponse,
  error: GatewayError,
  body: string,
  headers: readonly string[],
): number {
  const { status } = error.definition;
  const retryable = error.definition.retryable && !error.isFinal;
  const contentLength = Buffer.byteLength(body);
  const all = [...headers, "content-type", "application/json; charset=utf-8", "content-length", String(contentLength)];
  if (retryable && (status === 503 || status === 429 || status === 409)) {
    all.push("retry-after", String(error.retryAfterSeconds ?? defaultRetryAfterSeconds));
  }
  if (!retryable) all.push("x-should-retry", "false");
  response.writeHead(status, all);
  response.end(body);
  return contentLength;
}
