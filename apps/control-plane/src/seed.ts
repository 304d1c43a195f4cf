/**
 * The first-run seed: run it after the migrations, as often as you like. On an empty database it prints one JSON line
 * with the first owner's access, which exists nowhere else; on any other {"alreadySeeded":true}.
 */
import "reflect-metadata";
import { providerManifests } from "@switchyard/providers/manifests";
import { EnvError, readEnv, readSeedEnv } from "./env.ts";
import { runSeed } from "./seed/run-seed.ts";

try {
  const result = await runSeed(readEnv(), readSeedEnv(providerManifests.map(({ kind }) => kind)));
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof EnvError ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
}
