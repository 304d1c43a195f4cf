import { spawn } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { isAlive } from "../process-identity.ts";

const reaperModule = JSON.stringify(fileURLToPath(new URL("reaper.ts", import.meta.url)));

/** A supervisor with one child that ends when asked, one that refuses and has a child itself, and one it gave up. */
const supervisor = `
  import { spawn } from "node:child_process";
  import { mkdirSync } from "node:fs";
  const { Reaper } = await import(${reaperModule});
  mkdirSync(process.argv[2]);
  const reaper = new Reaper();
  reaper.deleteAtEnd(process.argv[2]);
  const start = (script) => spawn(process.execPath, ["-e", script], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const idle = "setInterval(() => undefined, 1000); console.log(process.pid);";
  const polite = start(idle);
  const stubborn = start(\`process.on("SIGTERM", () => undefined);
    const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    setInterval(() => undefined, 1000); console.log(child.pid);\`);
  const released = start(idle);
  const forked = await new Promise((resolve) => stubborn.stdout.once("data", (text) => resolve(Number(text))));
  for (const child of [polite, stubborn, released]) reaper.add(child.pid, "SIGTERM");
  reaper.drop(released.pid);
  console.log(JSON.stringify({ ended: [polite.pid, stubborn.pid, forked], released: released.pid }));
  setInterval(() => undefined, 1000);
`;

it("ends the children of a killed supervisor, with their children, and deletes its folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-reaper-"));
  const script = join(folder, "supervisor.mjs");
  const scratch = join(folder, "to be deleted");
  await writeFile(script, supervisor);
  const parent = spawn(process.execPath, [script, scratch], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise<string>((resolve) => {
    parent.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text));
  });
  const { ended, released } = JSON.parse(line) as { ended: number[]; released: number };
  expect(ended.map(isAlive)).toEqual([true, true, true]);

  parent.kill("SIGKILL");
  while (ended.some(isAlive)) await sleep(50);
  expect(isAlive(released)).toBe(true);
  process.kill(released, "SIGKILL");
  while ((await stat(scratch).catch(() => null)) !== null) await sleep(50);
  await rm(folder, { recursive: true });
});
