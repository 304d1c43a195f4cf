/** What a process and its children have used so far, as Linux counts it. */
import { readFileSync } from "node:fs";

// USER_HZ, the unit of the times in /proc/PID/stat; 100 on every Linux that Node supports.
const ticksPerSecond = 100;

/** CPU time (user and system) of a process and everything it started that still runs, in microseconds. */
export function cpuMicroseconds(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + ownCpuMicroseconds(member), 0);
}

/** Resident memory of the same, in bytes. */
export function residentBytes(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + ownResidentBytes(member), 0);
}

function familyOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  const pids = children === "" ? [] : children.split(" ").map(Number);
  return [pid, ...pids.flatMap(familyOf)];
}

function ownCpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the name in brackets, which may hold anything; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
}

function ownResidentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}
