/** What the processes of a component have used, as Linux counts it. */
import { readFileSync } from "node:fs";
import { setInterval as every } from "node:timers/promises";

// USER_HZ, the unit of the times in /proc/PID/stat; 100 on every Linux that Node supports.
const microsecondsPerTick = 1_000_000 / 100;
const sampleEveryMs = 50;

/** CPU time (user and system) of processes, the first of which started the others, and of those that it has seen end. */
export function cpuMicroseconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const [index, pid] of pids.entries()) {
    const stat = readProc(pid, "stat");
    // The second field is the name in brackets, which may hold anything; times are fields 14 to 17, the last two of the dead.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [own = 0, system = 0, dead = 0, deadSystem = 0] = fields.slice(11, 15);
    ticks += own + system + (index === 0 ? dead + deadSystem : 0);
  }
  return ticks * microsecondsPerTick;
}

/** Resident memory of processes together, in bytes. */
function residentBytes(pids: readonly number[]): number {
  return pids.reduce(
    (sum, pid) => sum + 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, "status"))?.[1] ?? 0),
    0,
  );
}

/** Runs `work` and answers the most memory that was seen meanwhile. */
export async function withPeakMemory<T>(pids: readonly number[], work: () => Promise<T>): Promise<[T, number]> {
  const stop = new AbortController();
  let peak = residentBytes(pids);
  const watch = async (): Promise<void> => {
    for await (const _ of every(sampleEveryMs, null, { signal: stop.signal }))
      peak = Math.max(peak, residentBytes(pids));
  };
  const watching = watch().catch(() => undefined);
  try {
    return [await work(), peak];
  } finally {
    stop.abort();
    await watching;
  }
}

/** Empty for a process that is gone. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
