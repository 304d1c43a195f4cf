/** Keeps two stacks from using one state folder, and tells a stack that ended without a word from one that runs. */
import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError } from "../operator-error.ts";
import { identifyProcess } from "../process-identity.ts";
import { writePrivateFile } from "./state-folder.ts";

interface Holder {
  pid: number;
  identity: string | null;
  /** The process that ends our children if we cannot. */
  reaper: { pid: number; identity: string | null };
}

export interface InstanceLock {
  /** True when the last stack here ended without releasing the lock: killed, or the machine went down. */
  readonly lastOneCrashed: boolean;
  release(): void;
}

const reaperPatienceMs = 15_000;

/**
 * Takes the lock, waiting for the children of a stack that was killed to be gone.
 * @throws OperatorError when a running stack holds it.
 */
export async function takeInstanceLock(file: string, reaperPid: number): Promise<InstanceLock> {
  const own: Holder = {
    pid: process.pid,
    identity: identifyProcess(process.pid),
    reaper: { pid: reaperPid, identity: identifyProcess(reaperPid) },
  };
  let lastOneCrashed = false;
  while (!create(file, own)) {
    const holder = read(file);
    if (holder === null) continue;
    if (runs(holder)) {
      throw new OperatorError(
        `Switchyard already runs on this state folder (process ${holder.pid}). Stop it with Ctrl-C there or: kill ${holder.pid}`,
      );
    }
    for (let waitedMs = 0; runs(holder.reaper) && waitedMs < reaperPatienceMs; waitedMs += 100) await sleep(100);
    removeStale(file, holder);
    lastOneCrashed = true;
  }
  return {
    lastOneCrashed,
    release: () => {
      if (read(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

/** The identity of a process changes with every reuse of its number, so a reused number is not taken for the holder. */
function runs(holder: { pid: number; identity: string | null }): boolean {
  return holder.identity !== null && identifyProcess(holder.pid) === holder.identity;
}

/** A link appears with its content or not at all, and fails where the lock exists. */
function create(file: string, holder: Holder): boolean {
  const draft = `${file}.${process.pid}`;
  writePrivateFile(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    if (error instanceof SyntaxError) return { pid: 0, identity: null, reaper: { pid: 0, identity: null } };
    throw error;
  }
}

/** Two starters may find the same stale lock; the slower one must not remove the lock that the faster one took. */
function removeStale(file: string, holder: Holder): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const removed = read(aside);
  if (removed !== null && removed.pid !== holder.pid && runs(removed)) linkSync(aside, file);
  rmSync(aside, { force: true });
}
