/** `npm run bench`: what the gateway costs next to a bare forwarder. The measuring belongs to the gateway; this builds and starts it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { runStep } from "../../progress.mjs";
import { repositoryRoot } from "../repository-root.ts";
import { build, isBuilt } from "../stack/build.ts";
import { runCommand } from "./run-command.ts";

await runCommand(async ({ signal }) => {
  if (!(await isBuilt())) await runStep("building", (note) => build(note, signal));
  const script = join(repositoryRoot, "apps/gateway/bench/bench.ts");
  const bench = spawn(process.execPath, [script], { stdio: "inherit", signal });
  return await new Promise<number>((resolve, reject) => {
    bench.once("error", reject);
    bench.once("close", (code) => resolve(code ?? 1));
  });
});
