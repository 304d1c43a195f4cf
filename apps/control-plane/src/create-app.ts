import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Logger } from "@switchyard/telemetry/logger";
import type { FastifyReply, FastifyRequest } from "fastify";
import { ControlPlaneModule } from "./control-plane.module.ts";
import type { ControlPlaneEnv } from "./env.ts";
import { answerError } from "./errors/answer-error.ts";
import { ErrorFilter } from "./errors/error.filter.ts";
import { acceptJsonOnly } from "./http/json-body.ts";
import { sendSecurityHeaders } from "./http/security-headers.ts";
import { nestLogger } from "./logging.ts";

const bodyLimitBytes = 2 * 1024 * 1024;

/** The whole control plane, ready to listen; `main.ts` and the tests start the same one. */
export async function createApp(env: ControlPlaneEnv, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    requestTimeout: 60_000,
    http: { headersTimeout: 15_000 },
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      answerError(logger, request, reply, error),
    genReqId: () => createUuidV7(),
    logger: false,
  });
  const fastify = adapter.getInstance();
  acceptJsonOnly(fastify);
  sendSecurityHeaders(fastify, { isHttps: env.adminOrigin?.startsWith("https:") ?? false });
  // A route takes the error handler that is set when it is registered; Nest sets its own after its routes, too late for a
  // broken body to meet it. So ours is set first, and stays.
  fastify.setErrorHandler((error, request, reply) => answerError(logger, request, reply, error));
  adapter.setErrorHandler = () => fastify;
  const app = await NestFactory.create<NestFastifyApplication>(ControlPlaneModule.with(env, logger), adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new ErrorFilter(logger));
  await app.init();
  return app;
}
