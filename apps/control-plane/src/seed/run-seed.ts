import { NestFactory } from "@nestjs/core";
import { createLogger } from "@switchyard/telemetry/logger";
import type { ControlPlaneEnv, SeedEnv } from "../env.ts";
import { SeedModule } from "./seed.module.ts";
import { Seeder, type SeedResult } from "./seeder.ts";

/** Opens what the seed needs, seeds, and closes it again. Logs nothing: standard output belongs to the answer. */
export async function runSeed(env: ControlPlaneEnv, seedEnv: SeedEnv): Promise<SeedResult> {
  const logger = createLogger({ service: "control-plane-seed", level: "silent" });
  const context = await NestFactory.createApplicationContext(SeedModule.with(env, logger), {
    logger: false,
    abortOnError: false,
  });
  try {
    return await context.get(Seeder).seed(seedEnv);
  } finally {
    await context.close();
  }
}
