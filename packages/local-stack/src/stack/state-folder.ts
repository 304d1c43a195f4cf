/** The one folder that holds everything a local Switchyard keeps: data, secrets, logs. Nobody else may look into it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperatorError } from "../operator-error.ts";

export interface StateFolder {
  readonly path: string;
  readonly logs: string;
  /** The text of a secret file, made by `create` the first time. */
  secret(name: string, create: () => string): string;
  /** Where a file or folder of this name belongs. */
  at(name: string): string;
}

/**
 * Opens the folder, making it first if need be, and proves that it can be written to.
 * @throws OperatorError when it cannot; the message says how to choose another.
 */
export function openStateFolder(path: string): StateFolder {
  const logs = join(path, "logs");
  const probe = join(path, ".write-probe");
  try {
    makeFolder(logs);
    writeFileSync(probe, "");
    rmSync(probe);
    chmodSync(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new OperatorError(
      `Cannot write to the state folder ${path} (${describe(code)}). Choose another: SWITCHYARD_HOME=/path/to/folder npm start`,
      { cause: error },
    );
  }
  return {
    path,
    logs,
    at: (name) => join(path, name),
    secret: (name, create) => readOrCreate(join(path, name), create),
  };
}

/** Not `recursive`, which never comes back where the system refuses to make a folder in one that exists, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function describe(code: string | undefined): string {
  const meanings: Record<string, string> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "read-only file system",
    ENOSPC: "no space left",
    ENOENT: "no folder can be made there",
    ENOTDIR: "a file is in the way",
    EEXIST: "a file is in the way",
  };
  return meanings[code ?? ""] ?? code ?? "unknown reason";
}

function readOrCreate(file: string, create: () => string): string {
  try {
    const text = readFileSync(file, "utf8").trim();
    if (text === "")
      throw new OperatorError(`${file} is empty. Restore it from a backup; the data is of no use without it.`);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const text = create();
  writePrivateFile(file, `${text}\n`);
  return text;
}

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivateFile(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
}
