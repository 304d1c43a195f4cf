import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cutLog, findLastWords, logSize } from "./process-log.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-log-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function log(...lines: string[]): string {
  const file = join(folder, `${lines.length}-${Math.random()}.log`);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}

describe("findLastWords", () => {
  it("prefers the last fatal entry of a JSON log over what follows it", () => {
    const file = log(
      '{"level":50,"msg":"first"}',
      '{"level":"fatal","msg":"cannot listen","err":{"message":"EADDRINUSE"}}',
      '{"level":30,"msg":"bye"}',
    );
    expect(findLastWords(file, 0)).toBe("cannot listen: EADDRINUSE");
  });

  it("finds PostgreSQL's reason", () => {
    const file = log(
      "2026-01-01 UTC [7] FATAL:  could not open file: Permission denied",
      "2026-01-01 UTC [7] LOG:  database system is shut down",
    );
    expect(findLastWords(file, 0)).toBe("could not open file: Permission denied");
  });

  it("finds the message of an uncaught error above its stack", () => {
    expect(findLastWords(log("Error: no such thing", "    at x (file.js:1:1)", "Node.js v26"), 0)).toBe(
      "Error: no such thing",
    );
  });

  it("reads only what came after the given place", () => {
    const file = log('{"level":60,"msg":"of the last run"}');
    const from = logSize(file);
    writeFileSync(file, "plain\n", { flag: "a" });
    expect(findLastWords(file, from)).toBe("plain");
  });

  it("has nothing to say about an empty log", () => {
    expect(findLastWords(log(), 0)).toBe("");
  });
});

describe("cutLog", () => {
  it("keeps the older part aside and empties the file", () => {
    const file = log("a".repeat(50));
    cutLog(file, 100);
    expect(logSize(file)).toBe(51);
    cutLog(file, 10);
    expect(logSize(file)).toBe(0);
    expect(readFileSync(`${file}.1`, "utf8")).toBe(`${"a".repeat(50)}\n`);
  });
});
