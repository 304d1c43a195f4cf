/**
 * The account that PostgreSQL runs as. An ordinary user runs it as themselves. PostgreSQL refuses to run as root, so root
 * lends it the account `postgres`, which can only use folders that it may enter.
 */
import { execFile } from "node:child_process";
import { chown, cp, lstat, mkdir, mkdtemp, readlink, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { OperatorError } from "../operator-error.ts";
import { type PostgresBinaries, locateIn } from "./postgres-binaries.ts";

const run = promisify(execFile);
const accountName = "postgres";

/** Used only by root, and only for what the account cannot reach where it belongs, such as anything below /root. */
const sharedFolder = "/var/lib/switchyard";

export interface ServerAccount {
  uid: number;
  gid: number;
}

/** Returns the account to lend PostgreSQL, creating it if need be, or null where the caller is not root. */
export async function findServerAccount(): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const existing = await lookUpAccount();
  if (existing !== null) return existing;
  try {
    await run("groupadd", ["--system", accountName]).catch(() => undefined);
    await run("useradd", ["--system", "--gid", accountName, "--no-create-home", "--shell", "/bin/false", accountName]);
  } catch (error) {
    throw new OperatorError(
      `PostgreSQL refuses to run as root, and the account "${accountName}" cannot be created here. Run as an ordinary user, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  const created = await lookUpAccount();
  if (created === null) throw new Error(`the account ${accountName} is missing although it was created`);
  return created;
}

async function lookUpAccount(): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", accountName]), run("id", ["-g", accountName])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/**
 * Makes `folder` a place that the account owns and can reach, and returns the path to use. The parent, our own private
 * folder, is handed to the account; where a folder above that is closed, the data moves to /var/lib/switchyard and
 * `folder` becomes a link to it.
 */
export async function openFolderTo(account: ServerAccount | null, folder: string): Promise<string> {
  if (account === null) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
  const existing = await lstat(folder).catch(() => null);
  if (existing?.isSymbolicLink() === true) return resolve(dirname(folder), await readlink(folder));
  const parent = dirname(folder);
  if (!(await canReach(account, dirname(parent)))) {
    if (existing === null) return await linkToShared(account, folder);
    throw new OperatorError(
      `PostgreSQL runs as "${accountName}" here and may not enter ${folder}. Move its parent to a folder that others may pass through and set SWITCHYARD_HOME to it.`,
    );
  }
  if (!(await canEnter(account, parent))) await chown(parent, account.uid, account.gid);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chown(folder, account.uid, account.gid);
  return folder;
}

async function linkToShared(account: ServerAccount, folder: string): Promise<string> {
  await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
  const target = await mkdtemp(join(sharedFolder, "postgres-"));
  await chown(target, account.uid, account.gid);
  await symlink(target, folder);
  return target;
}

/** Returns programs that the account may run, copied out of a closed folder if that is where they are. */
export async function openBinariesTo(
  account: ServerAccount | null,
  binaries: PostgresBinaries,
): Promise<PostgresBinaries> {
  if (account === null || (await canReach(account, join(binaries.folder, "bin")))) return binaries;
  const target = join(sharedFolder, `postgresql-${binaries.version}`);
  if ((await stat(target).catch(() => null)) === null) {
    await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
    const copy = await mkdtemp(join(sharedFolder, "copying-"));
    await cp(binaries.folder, join(copy, "native"), { recursive: true, verbatimSymlinks: true });
    await rename(join(copy, "native"), target).catch(ignoreIfPresent);
    await rm(copy, { recursive: true, force: true });
  }
  return locateIn(target, binaries.version);
}

function ignoreIfPresent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
}

/** Whether the account may pass through every folder down to this one. */
async function canReach(account: ServerAccount, folder: string): Promise<boolean> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (!(await canEnter(account, path))) return false;
    if (path === dirname(path)) return true;
  }
}

async function canEnter(account: ServerAccount, folder: string): Promise<boolean> {
  const entry = await stat(folder).catch(() => null);
  // A folder that does not exist yet will be created by us with a mode that lets everybody pass.
  if (entry === null) return true;
  if (entry.uid === account.uid) return (entry.mode & 0o100) !== 0;
  if (entry.gid === account.gid) return (entry.mode & 0o010) !== 0;
  return (entry.mode & 0o001) !== 0;
}
