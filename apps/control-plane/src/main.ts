import "reflect-metadata";
import { createLogger } from "@switchyard/telemetry/logger";
import { createApp } from "./create-app.ts";
import { EnvError, readEnv } from "./env.ts";

const stopWithinMs = 10_000;

async function main(): Promise<void> {
  const env = readEnv();
  const logger = createLogger({ service: "control-plane", level: env.logLevel });
  const app = await createApp(env, logger);
  await app.listen(env.port, env.host);
  logger.info({ url: await app.getUrl(), isLocal: env.isLocal }, "the control plane listens");

  let isStopping = false;
  const stop = (reason: string): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ reason }, "the control plane stops");
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "the control plane did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", () => stop("SIGTERM"));
  process.once("SIGINT", () => stop("SIGINT"));
  if (env.lifeline === "stdin") process.stdin.resume().once("close", () => stop("its supervisor is gone"));
}

main().catch((error: unknown) => {
  // One line for the operator; a stack only where nobody foresaw the fault.
  process.stderr.write(`${describe(error as Error & { code?: string })}\n`);
  process.exit(1);
});

function describe(error: Error & { code?: string }): string {
  if (error instanceof EnvError) return error.message;
  if (error.code === "EADDRINUSE") return "cannot start: the port is taken; set ADMIN_PORT to a free one";
  if (error.code === "EACCES") return "cannot start: this account may not listen on ADMIN_PORT";
  return error.stack ?? String(error);
}
