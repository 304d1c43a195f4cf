import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { isAlive } from "../process-identity.ts";
import { Reaper } from "./reaper.ts";
import { type ProcessEvent, SupervisedProcess } from "./supervised-process.ts";

let folder: string;
const reaper = new Reaper();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-supervisor-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Supervises a script that is ready once it has written its process id to a file. */
async function supervise(name: string, script: string, stopTimeoutMs = 10_000) {
  const file = join(folder, `${name}.mjs`);
  const readyFile = join(folder, `${name}.ready`);
  const logFile = join(folder, `${name}.log`);
  await writeFile(file, script);
  const events: ProcessEvent[] = [];
  const child = new SupervisedProcess(
    {
      name,
      command: process.execPath,
      args: [file],
      env: { READY_FILE: readyFile },
      logFile,
      stopSignal: "SIGTERM",
      stopTimeoutMs,
      isReady: async () => (await readFile(readyFile, "utf8")) === String(child.pid),
    },
    reaper,
    (event) => events.push(event),
  );
  onTestFinished(() => child.destroy());
  return { child, events, logFile };
}

const becomeReady = `
  import { writeFileSync } from "node:fs";
  writeFileSync(process.env.READY_FILE, String(process.pid));
  setInterval(() => undefined, 1000);
`;

describe("SupervisedProcess", () => {
  it("starts a process that was killed again, and says so", async () => {
    const { child, events } = await supervise("killed", becomeReady);
    child.start();
    await child.waitUntilReady(30_000);
    const first = child.pid;
    child.kill("SIGKILL");
    while (!events.some((event) => event.type === "recovered")) await sleep(20);
    expect(child.pid).not.toBe(first);
    expect(events).toMatchObject([
      { type: "restarting", name: "killed", reason: "SIGKILL", failures: 1 },
      { type: "recovered", name: "killed" },
    ]);
  });

  it("ends the processes that a killed one forked before it starts the next", async () => {
    const { child, events, logFile } = await supervise(
      "forking",
      `import { spawn } from "node:child_process";
       console.log(spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]).pid);
       ${becomeReady}`,
    );
    child.start();
    await child.waitUntilReady(30_000);
    const forked = Number((await readFile(logFile, "utf8")).trim());
    expect(isAlive(forked)).toBe(true);
    child.kill("SIGKILL");
    while (!events.some((event) => event.type === "recovered")) await sleep(20);
    expect(isAlive(forked)).toBe(false);
  });

  it("stops without a restart, and starts again when asked", async () => {
    const { child, events } = await supervise("stopped", becomeReady);
    child.start();
    await child.waitUntilReady(30_000);
    await child.stop();
    expect([child.pid, events]).toEqual([null, []]);
    child.start();
    await child.waitUntilReady(30_000);
    expect(child.pid).not.toBeNull();
  });

  it("kills a process that ignores the request to stop", async () => {
    const { child, events } = await supervise(
      "stubborn",
      `process.on("SIGTERM", () => undefined); ${becomeReady}`,
      200,
    );
    child.start();
    await child.waitUntilReady(30_000);
    await child.stop();
    expect(child.pid).toBeNull();
    expect(events).toEqual([{ type: "killed", name: "stubborn", stopTimeoutMs: 200 }]);
  });

  it("gives the reason of one that never gets ready", async () => {
    const { child } = await supervise("broken", `throw new Error("the moon is in the wrong phase");`);
    child.start();
    await expect(child.waitUntilReady(30_000)).rejects.toThrow(
      /^broken does not start: exit code 1, Error: the moon is in the wrong phase \(log: .*broken\.log\)\.$/,
    );
  });
});
