import { randomUUID } from "node:crypto";
import type { RequestListener } from "node:http";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { joinClusterMetrics } from "@switchyard/telemetry/fleet-metrics";
import type { Logger } from "@switchyard/telemetry/logger";
import { createMetrics } from "@switchyard/telemetry/metrics";
import { DataPlaneServer } from "../accept/data-plane-server.ts";
import { createHttpServer } from "../accept/http-server.ts";
import { InFlightCalls } from "../accept/in-flight-calls.ts";
import type { ProcessResources } from "../env.module.ts";
import type { Env } from "../env.ts";
import { GatewayModule } from "../gateway.module.ts";
import { SettlementService } from "../settlement/settlement.service.ts";
import { leaveProcess } from "./leave-process.ts";
import { NestLog } from "./nest-log.ts";
import type { StartFailure } from "./start-failure.ts";

/** For cut-off calls to be settled. */
const afterCutMs = 5_000;

/** One gateway process: boots the module, listens, and drains when it is told to. */
export async function startGatewayWorker(env: Env, logger: Logger): Promise<void> {
  const metrics = createMetrics();
  const identity = {
    gatewayId: env.GATEWAY_ID,
    bootId: randomUUID(),
    region: env.GATEWAY_REGION ?? null,
    startedAtMs: Date.now(),
  };
  const resources = { env, identity, logger, metrics, fleetMetrics: joinClusterMetrics(metrics) };
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error) => {
      logger.fatal({ err: error }, "an error that nothing handled; this process restarts");
      leaveProcess(logger, 1);
    });
  }
  try {
    const dataPlane = new DataPlaneServer();
    const app = await NestFactory.create<NestFastifyApplication>(
      GatewayModule.with(resources, dataPlane),
      new FastifyAdapter({ serverFactory: (nest: RequestListener) => createHttpServer(dataPlane, nest) }),
      { logger: new NestLog(logger), bodyParser: false, abortOnError: false },
    );
    await app.init();
    await dataPlane.ready();
    const stop = once(() => drain(app, resources));
    process.on("SIGTERM", stop).on("SIGINT", stop);
    await app.listen(env.GATEWAY_PORT, env.GATEWAY_HOST);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const failure: StartFailure = { kind: "switchyard:cannot-start", message: `cannot start: ${reason}` };
    logger.fatal({ err: error }, failure.message);
    process.send?.(failure, undefined, undefined, () => leaveProcess(logger, 1));
  }
}

/** Tells load balancers, goes on for as long as they need, then finishes what is under way, settles and leaves. */
async function drain(app: NestFastifyApplication, { env, logger, fleetMetrics }: ProcessResources): Promise<void> {
  const inFlight = app.get(InFlightCalls);
  inFlight.startDraining();
  await new Promise((resolve) => setTimeout(resolve, env.GATEWAY_DRAIN_DELAY_MS));
  const server = app.getHttpServer();
  server.close();
  server.closeIdleConnections();
  const unfinished = await inFlight.whenEmpty(env.GATEWAY_DRAIN_TIMEOUT_MS);
  if (unfinished > 0) {
    logger.warn({ unfinished }, "the time to drain is over; the calls that are left are cut off");
    server.closeAllConnections();
    await inFlight.whenEmpty(afterCutMs);
  }
  await app.get(SettlementService).drain(env.GATEWAY_FLUSH_TIMEOUT_MS);
  await fleetMetrics.leave();
  await app.close();
  leaveProcess(logger, 0);
}

function once(action: () => Promise<void>): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    void action();
  };
}
