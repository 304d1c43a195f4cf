import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Logger } from "@switchyard/telemetry/logger";
import { ControlPlaneModule } from "./control-plane.module.ts";
import type { ControlPlaneEnv } from "./env.ts";
import { nestLogger } from "./logging.ts";

const bodyLimitBytes = 2 * 1024 * 1024;

/** The whole control plane, ready to listen; `main.ts` and the tests start the same one. */
export async function createApp(env: ControlPlaneEnv, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
    genReqId: () => createUuidV7(),
    logger: false,
  });
  // JSON only: a form of another site cannot send it without asking first.
  adapter.getInstance().removeContentTypeParser("text/plain");
  const app = await NestFactory.create<NestFastifyApplication>(ControlPlaneModule.with(env, logger), adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  await app.init();
  return app;
}
