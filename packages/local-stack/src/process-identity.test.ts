import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { identifyProcess, isAlive } from "./process-identity.ts";

describe("identifyProcess", () => {
  it("is stable for a running process and differs between two", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    expect(identifyProcess(pid)).toBe(identifyProcess(pid));
    expect(identifyProcess(pid)).not.toBe(identifyProcess(process.pid));
    child.kill("SIGKILL");
    await once(child, "exit");
    expect([identifyProcess(pid), isAlive(pid)]).toEqual([null, false]);
  });
});
