import "reflect-metadata";
import cluster from "node:cluster";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { createLogger } from "@switchyard/telemetry/logger";
import { EnvError, readEnv } from "./env.ts";

try {
  const env = readEnv();
  const logger = createLogger({ service: "gateway", level: env.LOG_LEVEL });
  // A process that replaces a crashed one is ready a third sooner.
  enableCompileCache(join(env.GATEWAY_STATE_DIR, "compile-cache"));
  // Each kind of process loads only what it runs: the primary has no use for Nest, the worker none for the fleet.
  if (cluster.isPrimary) {
    const { Fleet } = await import("./fleet/fleet.ts");
    new Fleet(env, logger).start();
  } else {
    const { startGatewayWorker } = await import("./fleet/gateway-worker.ts");
    await startGatewayWorker(env, logger);
  }
} catch (error) {
  if (!(error instanceof EnvError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
