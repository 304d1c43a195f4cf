/**
 * Log files of supervised processes. A process writes to its file directly, so logging costs the supervisor nothing and
 * outlives it; the file is cut by copying it aside and emptying it, which an append-only writer does not notice.
 */
import { copyFileSync, ftruncateSync, openSync, closeSync, fstatSync, readSync } from "node:fs";

const longestTailBytes = 32_768;

/** Opens the file for a child to append to; the caller closes it once the child has it. */
export function openLog(file: string): number {
  return openSync(file, "a", 0o600);
}

/** Moves a log larger than `limitBytes` to `<file>.1`, replacing the one there. Lines written meanwhile may be lost. */
export function cutLog(file: string, limitBytes: number): void {
  const log = openSync(file, "r+");
  try {
    if (fstatSync(log).size <= limitBytes) return;
    copyFileSync(file, `${file}.1`);
    ftruncateSync(log, 0);
  } finally {
    closeSync(log);
  }
}

/** Where the log ends now; what a later start writes comes after it. */
export function logSize(file: string): number {
  const log = openSync(file, "a+", 0o600);
  try {
    return fstatSync(log).size;
  } finally {
    closeSync(log);
  }
}

/**
 * Returns the line after `from` that says best why the process ended, or an empty string: the last fatal or error entry of
 * a JSON log, the last FATAL or PANIC line of PostgreSQL, the message of an uncaught error, or else simply the last line.
 */
export function findLastWords(file: string, from: number): string {
  const lines = readTail(file, from)
    .split("\n")
    .map(plainText)
    .filter((line) => line.text !== "");
  const words = lines.findLast((line) => line.isFatal) ?? lines.at(-1);
  return words?.text.slice(0, 300) ?? "";
}

function readTail(file: string, from: number): string {
  const log = openSync(file, "r");
  try {
    const { size } = fstatSync(log);
    const start = Math.max(from > size ? 0 : from, size - longestTailBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    return buffer.toString("utf8", 0, readSync(log, buffer, 0, buffer.length, start));
  } finally {
    closeSync(log);
  }
}

function plainText(line: string): { text: string; isFatal: boolean } {
  try {
    const entry = JSON.parse(line) as { level?: number | string; msg?: string; err?: { message?: string } };
    if (typeof entry === "object" && entry !== null) {
      const isFatal = ["error", "fatal"].includes(String(entry.level)) || Number(entry.level) >= 50;
      const text = [entry.msg, entry.err?.message].filter(Boolean).join(": ");
      return { text: text.split("\n", 1)[0] ?? "", isFatal };
    }
  } catch {
    // Not a line of JSON.
  }
  const severity = /(?:FATAL|PANIC):\s+(.*)$/.exec(line);
  if (severity !== null) return { text: severity[1] ?? "", isFatal: true };
  return { text: line.trim(), isFatal: /^(?:\w*Error\b.*: )/.test(line) };
}
