import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeJournalFolder, readNames } from "../../test/settlement/journal-folder.ts";

const writer = join(import.meta.dirname, "../../test/settlement/append-until-killed.ts");

/** Runs a process that appends until it has told of `records` writes, and kills it in the middle of what follows. */
async function killDuringWrites(directory: string, sync: string, records: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, directory, sync], { stdio: ["ignore", "pipe", "inherit"] });
  let told = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    told += chunk;
    if (told.split("\n").length > records) child.kill("SIGKILL");
  });
  await once(child, "close");
  // The last line may be cut off as well.
  return told.split("\n").slice(0, -1);
}

describe("a process that is killed", { timeout: 60_000 }, () => {
  it.each([
    ["interval", 1],
    ["interval", 40],
    ["interval", 400],
    ["interval", 1_500],
    ["always", 1],
    ["always", 60],
    ["always", 300],
  ])("loses no record it was told of (sync %s, after %d records)", async (sync, records) => {
    const directory = makeJournalFolder();
    const told = await killDuringWrites(directory, sync, records);
    const written = new Set(await readNames(directory));
    expect(told.length).toBeGreaterThanOrEqual(records);
    expect(told.filter((name) => !written.has(name))).toEqual([]);
  });
});
