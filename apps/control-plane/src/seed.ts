/**
 * The first-run seed: run it after the migrations, as often as you like. On an empty database it prints one JSON line
 * with the first owner's access, which exists nowhere else; on any other {"alreadySeeded":true}.
 */
import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { createLogger } from "@switchyard/telemetry/logger";
import { providerManifests } from "@switchyard/providers/manifests";
import { EnvError, readEnv, readSeedEnv } from "./env.ts";
import { SeedModule } from "./seed/seed.module.ts";
import { Seeder } from "./seed/seeder.ts";

async function main(): Promise<void> {
  const env = readEnv();
  const seedEnv = readSeedEnv(providerManifests.map(({ kind }) => kind));
  // Standard output carries the answer and nothing else.
  const logger = createLogger({ service: "control-plane-seed", level: "silent" });
  const context = await NestFactory.createApplicationContext(SeedModule.with(env, logger), { logger: false });
  try {
    const result = await context.get(Seeder).seed(seedEnv);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    await context.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof EnvError ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
