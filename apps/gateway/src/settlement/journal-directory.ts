/** The folder of one process's journal: who uses it, and what earlier boots left in it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSegmentName, type JournalSegment } from "./journal-segment.ts";

const ownerFile = "owner.json";

/** Why the journal cannot be used; `message` is one line for the operator. */
class JournalDirectoryError extends Error {
  override readonly name = "JournalDirectoryError";
}

interface Owner {
  readonly pid: number;
  /** When the process started, in the kernel's ticks: tells a process from a later one with the same id. */
  readonly startTicks: string | null;
}

/**
 * Makes the folder and takes it for this process. Throws JournalDirectoryError while another process lives in it, or
 * where it cannot be written.
 */
export function takeJournalDirectory(directory: string): void {
  try {
    takeOwnership(directory);
  } catch (error) {
    if (error instanceof JournalDirectoryError) throw error;
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new JournalDirectoryError(`the journal folder ${directory} cannot be written (${code})`, { cause: error });
  }
}

function takeOwnership(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, ownerFile);
  const self: Owner = { pid: process.pid, startTicks: startTicksOf(process.pid) };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, JSON.stringify(self), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = readOwner(path);
      if (owner !== null && isAlive(owner) && owner.pid !== self.pid) {
        throw new JournalDirectoryError(`the journal folder ${directory} is in use by process ${owner.pid}`);
      }
      rmSync(path, { force: true });
    }
  }
  throw new JournalDirectoryError(`the journal folder ${directory} is being taken by another process`);
}

export function leaveJournalDirectory(directory: string): void {
  rmSync(join(directory, ownerFile), { force: true });
}

/** Every segment in the folder, oldest first, as files that nobody adds to any more. */
export function listSegments(directory: string): JournalSegment[] {
  const segments: JournalSegment[] = [];
  for (const name of readdirSync(directory).sort()) {
    const parsed = parseSegmentName(name);
    if (parsed === null) continue;
    const path = join(directory, name);
    segments.push({ ...parsed, path, writtenBytes: statSync(path).size, isSealed: true, openHolds: 0 });
  }
  return segments;
}

export function deleteSegment(segment: JournalSegment): void {
  unlinkSync(segment.path);
}

/** The boot of the machine, where the kernel tells (Linux). */
export function readKernelBootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}

function readOwner(path: string): Owner | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    return null;
  }
}

function isAlive({ pid, startTicks }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startTicks === startTicksOf(pid);
}

function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program comes second, in brackets, and may contain anything; the start time is the 22nd field.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
