/** What a PostgreSQL server that was not shut down leaves behind in its data folder, and how to get past it. */
import { execFile } from "node:child_process";
import { readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isAlive } from "../process-identity.ts";

const run = promisify(execFile);

/**
 * Stops a server that still runs on this data folder, and removes its pid file when the number in it now belongs to
 * somebody else, which PostgreSQL could not tell from a running server. Call it only while nobody else may use the folder.
 */
export async function clearOrphanServer(dataFolder: string): Promise<void> {
  const pidFile = join(dataFolder, "postmaster.pid");
  const pid = Number((await readFile(pidFile, "utf8").catch(() => "")).split("\n", 1)[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;
  if (!(await isServerOf(pid, dataFolder))) {
    await rm(pidFile, { force: true });
    return;
  }
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    process.kill(pid, signal);
    if (await waitUntilGone(pid, 10_000)) return;
  }
}

async function isServerOf(pid: number, dataFolder: string): Promise<boolean> {
  const folder = await realpath(dataFolder);
  if (process.platform === "linux") return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === folder;
  const { stdout } = await run("ps", ["-o", "command=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.includes(dataFolder) || stdout.includes(folder);
}

async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += 50) {
    if (!isAlive(pid)) return true;
    await sleep(50);
  }
  return !isAlive(pid);
}
