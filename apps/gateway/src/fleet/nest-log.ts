import type { LoggerService } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";

/** Nest's own messages, as structured lines. What it says while it starts is detail; what it warns of is not. */
export class NestLog implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, context?: string): void {
    this.#logger.debug({ context, message }, "nest");
  }

  warn(message: unknown, context?: string): void {
    this.#logger.warn({ context, message }, "nest");
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.#logger.error({ context, message, stack }, "nest");
  }
}
