import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeJournalFolder } from "../../test/settlement/journal-folder.ts";
import { leaveJournalDirectory, listSegments, takeJournalDirectory } from "./journal-directory.ts";

const ownerOf = (directory: string) => join(directory, "owner.json");
const startTicksOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19] ?? null;

async function startNeighbour(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "console.log('up'); setInterval(() => undefined, 1000)"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  if (child.pid === undefined) throw new Error("no process");
  return child.pid;
}

describe.runIf(process.platform === "linux")("a journal folder", () => {
  it("is made for its owner's eyes only", () => {
    const directory = join(makeJournalFolder(), "slot-0", "journal");
    takeJournalDirectory(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(ownerOf(directory)).mode & 0o777).toBe(0o600);
    expect(listSegments(directory)).toEqual([]);
    leaveJournalDirectory(directory);
    expect(existsSync(ownerOf(directory))).toBe(false);
  });

  it("is refused with one clear line where it cannot be written", () => {
    const file = join(makeJournalFolder(), "a file");
    writeFileSync(file, "");
    expect(() => takeJournalDirectory(join(file, "journal"))).toThrow(
      /^the journal folder .* cannot be written \(ENOTDIR\)$/,
    );
  });

  it("is refused while another process lives in it", async () => {
    const directory = makeJournalFolder();
    const pid = await startNeighbour();
    writeFileSync(ownerOf(directory), JSON.stringify({ pid, startTicks: startTicksOf(pid) }));
    expect(() => takeJournalDirectory(directory)).toThrow(`in use by process ${pid}`);
    expect(JSON.parse(readFileSync(ownerOf(directory), "utf8"))).toMatchObject({ pid });
  });

  it.each([
    ["a process that is gone", () => ({ pid: spawnSync(process.execPath, ["-e", ""]).pid, startTicks: "1" })],
    ["this process in an earlier life of its id", () => ({ pid: process.pid, startTicks: "1" })],
    ["nothing that can be read", () => "{"],
  ])("is taken over from %s", (_name, owner) => {
    const directory = makeJournalFolder();
    const content = owner();
    writeFileSync(ownerOf(directory), typeof content === "string" ? content : JSON.stringify(content));
    takeJournalDirectory(directory);
    expect(JSON.parse(readFileSync(ownerOf(directory), "utf8"))).toMatchObject({ pid: process.pid });
  });

  it("is taken over from another process that has got the dead owner's id", async () => {
    const directory = makeJournalFolder();
    const pid = await startNeighbour();
    writeFileSync(ownerOf(directory), JSON.stringify({ pid, startTicks: "1" }));
    takeJournalDirectory(directory);
    expect(JSON.parse(readFileSync(ownerOf(directory), "utf8"))).toMatchObject({ pid: process.pid });
  });
});
