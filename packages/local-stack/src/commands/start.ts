/** `npm start`: everything on this machine, from a fresh clone to a printed curl line that works. */
import { once } from "node:events";
import { resolve } from "node:path";
import { runStep } from "../../progress.mjs";
import { repositoryRoot } from "../repository-root.ts";
import { type Stack, startStack } from "../stack.ts";
import { build, isBuilt } from "../stack/build.ts";
import { readPorts } from "../stack/ports.ts";
import { openStateFolder } from "../stack/state-folder.ts";
import type { ProcessEvent } from "../supervisor/supervised-process.ts";
import { describeReadyStack } from "./describe-ready-stack.ts";
import { runCommand } from "./run-command.ts";

const failuresWorthMentioning = 3;

await runCommand(async (interruption) => {
  const { signal } = interruption;
  const startedAt = Date.now();
  const home = resolve(repositoryRoot, process.env["SWITCHYARD_HOME"] || ".switchyard");
  const ports = readPorts(process.env);
  const databaseUrl = process.env["DATABASE_URL"];
  // Before the build, which takes a minute the first time.
  openStateFolder(home);
  if (!(await isBuilt())) await runStep("building", (note) => build(note, signal));

  const stack = await startStack({
    home,
    ports,
    env: process.env,
    ...(databaseUrl ? { databaseUrl } : {}),
    onEvent: (event) => console.log(describeEvent(event)),
    runStep,
    signal,
  });
  interruption.onSecondRequest = () => void stack.destroy().finally(() => process.exit(130));
  console.log(describeReadyStack(stack, (Date.now() - startedAt) / 1000));
  await waitForInterruption(signal);
  await stopEverything(stack);
  return 0;
});

async function waitForInterruption(signal: AbortSignal): Promise<void> {
  // The children are not ours to wait for, so something else has to keep the process alive.
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  if (!signal.aborted) await once(signal, "abort");
  clearInterval(keepAlive);
}

async function stopEverything(stack: Stack): Promise<void> {
  console.log("");
  await runStep("stopping (Ctrl-C again to force)", () => stack.shutdown());
}

function describeEvent(event: ProcessEvent): string {
  if (event.type === "recovered") return `  ✓ ${event.name} runs again`;
  if (event.type === "killed")
    return `  ! ${event.name} did not stop within ${event.stopTimeoutMs / 1000} s and was killed`;
  const often = event.failures >= failuresWorthMentioning ? ` (failure ${event.failures} in a row; still trying)` : "";
  return `  ! ${event.name} ended (${event.reason}); starting it again in ${(event.delayMs / 1000).toFixed(1)} s${often}`;
}
