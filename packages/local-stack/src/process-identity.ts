/** Telling processes apart by more than their number, which the system gives to somebody else once it is free. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether the process still runs. One that ended but was not collected by its parent does not. */
export function isAlive(pid: number): boolean {
  return identifyProcess(pid) !== null;
}

/** Returns a text that no other process ever had or will have with this number, or null if the process does not run. */
export function identifyProcess(pid: number): string | null {
  return process.platform === "linux" ? identifyOnLinux(pid) : identifyWithPs(pid);
}

function identifyOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may contain anything; state is the first field after it, start time the twentieth.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
  } catch {
    return null;
  }
}

function identifyWithPs(pid: number): string | null {
  try {
    const [state = "", ...startedAt] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
    })
      .trim()
      .split(/\s+/);
    return state === "" || state.startsWith("Z") ? null : startedAt.join(" ");
  } catch {
    return null;
  }
}
