import { Module, type DynamicModule } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";
import { ClosingModule } from "../closing/closing.module.ts";
import { CallCloser } from "../closing/call-closer.ts";
import type { Env } from "../env.ts";
import { ENV, LOGGER, METRICS } from "../env.module.ts";
import { GatewayErrorHandler } from "../errors/gateway-error.handler.ts";
import { CallRunner } from "./call-runner.ts";
import { DataPlaneServer } from "./data-plane-server.ts";
import { InFlightCalls } from "./in-flight-calls.ts";

/** The first stage: the server that calls arrive at, and what opens and closes each of them. */
@Module({})
export class AcceptModule {
  static with(server: DataPlaneServer): DynamicModule {
    return {
      module: AcceptModule,
      global: true,
      imports: [ClosingModule],
      providers: [
        { provide: DataPlaneServer, useValue: server },
        { provide: InFlightCalls, useFactory: createInFlightCalls, inject: [ENV, METRICS] },
        { provide: CallRunner, useFactory: createRunner, inject: [InFlightCalls, CallCloser, LOGGER] },
      ],
      exports: [DataPlaneServer, InFlightCalls, CallRunner],
    };
  }
}

function createInFlightCalls(env: Env, metrics: Metrics): InFlightCalls {
  const inFlight = new InFlightCalls(env.GATEWAY_MAX_CALLS);
  metrics
    .gauge("switchyard_open_streams")
    .with()
    .readFrom(() => inFlight.streams);
  return inFlight;
}

function createRunner(inFlight: InFlightCalls, closer: CallCloser, logger: Logger): CallRunner {
  return new CallRunner(inFlight, new GatewayErrorHandler(logger), closer);
}
