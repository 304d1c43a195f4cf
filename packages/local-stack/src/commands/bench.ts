/**
 * `npm run bench`: what the gateway costs next to a bare forwarder, which the gateway measures itself, and what the worker and
 * PostgreSQL need to take its records in.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { Client } from "pg";
import { runStep } from "../../progress.mjs";
import { repositoryRoot } from "../repository-root.ts";
import { describeIngestion, perSecondOnTwoCores, timeIngestion } from "../scale/time-ingestion.ts";
import { build, isBuilt } from "../stack/build.ts";
import { startStack } from "../stack.ts";
import { runCommand } from "./run-command.ts";

const ingestedBatches = 60;
/** DESIGN's bar for two cores, by CPU time: this machine may have more of them, or share them. */
const leastEventsPerSecond = 5_000;

await runCommand(async ({ signal }) => {
  if (!(await isBuilt())) await runStep("building", (note) => build(note, signal));
  const code = await benchGateway(signal);
  const isQuick = await benchIngestion(signal);
  process.stdout.write("queries of the dashboard over 20 million calls: npm run scale -- --rows 20000000\n");
  return code === 0 && !isQuick ? 1 : code;
});

function benchGateway(signal: AbortSignal): Promise<number> {
  const script = join(repositoryRoot, "apps/gateway/bench/bench.ts");
  const bench = spawn(process.execPath, [script], { stdio: "inherit", signal });
  return new Promise<number>((resolve, reject) => {
    bench.once("error", reject);
    bench.once("close", (code) => resolve(code ?? 1));
  });
}

async function benchIngestion(signal: AbortSignal): Promise<boolean> {
  const stack = await startStack({ components: ["database", "worker"], signal });
  const owner = new Client({ connectionString: stack.databaseUrl });
  try {
    await owner.connect();
    const rate = await timeIngestion(stack, owner, ingestedBatches);
    const isHeld = perSecondOnTwoCores(rate) >= leastEventsPerSecond;
    process.stdout.write(
      `\n${describeIngestion(rate)} (at least ${leastEventsPerSecond}: ${isHeld ? "held" : "missed"})\n`,
    );
    return isHeld;
  } finally {
    await owner.end();
    await stack.shutdown();
  }
}
