import type { ApiError } from "@switchyard/api-contract/primitives";
import type { Logger } from "@switchyard/telemetry/logger";
import type { FastifyReply, FastifyRequest } from "fastify";
import { toControlPlaneError } from "./to-control-plane-error.ts";

const retryAfterSeconds = "5";

/** The one place that turns a failure into an answer, in the shape that the contract fixes. Our own faults are logged. */
export function answerError(logger: Logger, request: FastifyRequest, reply: FastifyReply, thrown: unknown): void {
  const error = toControlPlaneError(thrown);
  if (error.status >= 500) {
    const { id: requestId, method } = request;
    logger.error({ err: thrown, requestId, method, path: request.routeOptions.url }, error.code);
  }
  const body: ApiError = {
    error: {
      code: error.code,
      message: error.message,
      ...(error.problems.length > 0 && { problems: [...error.problems] }),
    },
  };
  if (error.status === 503 || error.status === 429) void reply.header("retry-after", retryAfterSeconds);
  // A handler that failed late may have announced another kind of answer.
  void reply
    .removeHeader("content-disposition")
    .type("application/json; charset=utf-8")
    .status(error.status)
    .send(body);
}
