import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { readEnv } from "./env.ts";
import { exitWithParent } from "./lifeline.ts";
import { WorkerModule } from "./worker.module.ts";

try {
  const env = readEnv();
  const app = await NestFactory.createApplicationContext(WorkerModule.for(env), {
    logger: ["error", "fatal"],
    abortOnError: false,
  });
  app.enableShutdownHooks(["SIGTERM", "SIGINT"]);
  if (env.lifeline === "stdin") exitWithParent(() => app.close());
} catch (error) {
  process.stderr.write(`switchyard worker did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  // Queues that were opened before the failure would keep a worker alive that does nothing.
  process.exit(1);
}
