import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from "@nestjs/common";
import type { ApiError } from "@switchyard/api-contract/primitives";
import type { Logger } from "@switchyard/telemetry/logger";
import type { FastifyReply, FastifyRequest } from "fastify";
import { loggerToken } from "../logging.ts";
import type { ControlPlaneError } from "./control-plane-error.ts";
import { toControlPlaneError } from "./to-control-plane-error.ts";

const retryAfterSeconds = "5";

/** The one place that turns a failure into an answer. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(@Inject(loggerToken) logger: Logger) {
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = toControlPlaneError(thrown);
    if (error.status >= 500) {
      this.#logger.error(
        { err: thrown, requestId: request.id, method: request.method, path: request.routeOptions?.url },
        error.code,
      );
    }
    sendError(http.getResponse<FastifyReply>(), error);
  }
}

/** Answers with an error in the shape that the contract fixes. */
export function sendError(reply: FastifyReply, error: ControlPlaneError): void {
  const body: ApiError = {
    error: {
      code: error.code,
      message: error.message,
      ...(error.problems.length > 0 && { problems: [...error.problems] }),
    },
  };
  if (error.status === 503 || error.status === 429) void reply.header("retry-after", retryAfterSeconds);
  void reply.status(error.status).header("cache-control", "no-store").send(body);
}
