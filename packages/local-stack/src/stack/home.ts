/** The folder of a stack: the operator's, which a lock protects, or a temporary one that goes with the stack. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reaper } from "../supervisor/reaper.ts";
import { takeInstanceLock } from "./instance-lock.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";

export interface StackHome {
  readonly state: StateFolder;
  /** Gives the folder back once nothing uses it any more. */
  release: () => Promise<void>;
}

export async function openHome(path: string | undefined, reaper: Reaper): Promise<StackHome> {
  if (path === undefined) {
    const scratch = await mkdtemp(join(tmpdir(), "switchyard-home-"));
    // PostgreSQL may run as another account, which has to pass through to its data.
    await chmod(scratch, 0o711);
    reaper.deleteAtEnd(scratch);
    const release = () => rm(scratch, { recursive: true, force: true });
    return { state: openStateFolder(join(scratch, "home")), release };
  }
  const state = openStateFolder(path);
  const lock = await takeInstanceLock(state.at("lock"), reaper.pid ?? 0);
  return { state, release: () => Promise.resolve(lock.release()) };
}
