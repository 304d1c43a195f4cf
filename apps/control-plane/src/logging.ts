import { Global, Module, type DynamicModule, type LoggerService } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";

export const loggerToken = Symbol("logger");

/** Gives every part of the process the one structured logger. */
@Global()
@Module({})
export class LoggingModule {
  static with(logger: Logger): DynamicModule {
    return { module: LoggingModule, providers: [{ provide: loggerToken, useValue: logger }], exports: [loggerToken] };
  }
}

/** Nest's own messages through the same logger. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown) => logger.debug(String(message)),
    warn: (message: unknown) => logger.warn(String(message)),
    error: (message: unknown, ...details: unknown[]) => logger.error({ details }, String(message)),
    fatal: (message: unknown) => logger.fatal(String(message)),
    debug: () => undefined,
    verbose: () => undefined,
  };
}
