import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { identifyProcess } from "../process-identity.ts";
import { takeInstanceLock } from "./instance-lock.ts";

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-lock-"));
});
beforeEach(() => {
  file = join(folder, `${Math.random()}.lock`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const gone = { pid: 999_999_999, identity: "gone" };

describe("takeInstanceLock", () => {
  it("refuses a second stack and names the first", async () => {
    const lock = await takeInstanceLock(file, process.pid);
    await expect(takeInstanceLock(file, process.pid)).rejects.toThrow(`process ${process.pid}`);
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it("takes over from a stack that is gone, even if its number runs again", async () => {
    for (const holder of [gone, { pid: process.pid, identity: "an earlier process with this number" }]) {
      writeFileSync(file, JSON.stringify({ ...holder, reaper: gone }));
      const lock = await takeInstanceLock(file, process.pid);
      expect(lock.lastOneCrashed).toBe(true);
      lock.release();
    }
  });

  it("takes over a lock that was cut off while being written", async () => {
    writeFileSync(file, '{"pid":');
    expect((await takeInstanceLock(file, process.pid)).lastOneCrashed).toBe(true);
  });

  it("waits until the reaper of a killed stack has finished", async () => {
    const reaper = spawn(process.execPath, ["-e", "process.stdin.on('end', () => process.exit()).resume()"]);
    await once(reaper, "spawn");
    const pid = reaper.pid ?? 0;
    writeFileSync(file, JSON.stringify({ ...gone, reaper: { pid, identity: identifyProcess(pid) } }));
    let isTaken = false;
    const taking = takeInstanceLock(file, process.pid).then(() => (isTaken = true));
    expect(identifyProcess(pid)).not.toBeNull();
    expect(isTaken).toBe(false);
    reaper.stdin.end();
    await taking;
    expect(identifyProcess(pid)).toBeNull();
  });
});
