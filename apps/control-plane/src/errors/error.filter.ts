import { type ArgumentsHost, Catch, type ExceptionFilter } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import { answerError } from "./answer-error.ts";

/** Every failure of a call meets this filter, wherever it happened. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerError(this.#logger, http.getRequest(), http.getResponse(), thrown);
  }
}
