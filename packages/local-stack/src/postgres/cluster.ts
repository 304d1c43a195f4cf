/** A PostgreSQL data folder: creating it, checking it, and the command line that serves it. */
import { execFile } from "node:child_process";
import { chown, mkdir, mkdtemp, readFile, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { OperatorError } from "../operator-error.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import { findServerAccount, openBinariesTo, openFolderTo, type ServerAccount } from "./server-account.ts";

const run = promisify(execFile);

/** The owner of the local database, and the database's name. */
export const localOwner = "switchyard";

export interface Cluster {
  /** Where the data really is; differs from the folder asked for when root had to move it. */
  dataFolder: string;
  account: ServerAccount | null;
  binaries: PostgresBinaries;
}

/**
 * Opens the cluster in `folder`, creating it with `password` for the owner when the folder is missing or empty: empty, or
 * as a copy of `copyOf`, the data folder of a server that has ended. Creation happens beside the folder and ends with a
 * rename, so that an interrupted one leaves nothing half made.
 * @throws OperatorError when the folder holds something that this PostgreSQL cannot serve.
 */
export async function openCluster(
  folder: string,
  password: string,
  { durable, copyOf }: Durability & { copyOf?: string | undefined },
): Promise<Cluster> {
  const account = await findServerAccount();
  const binaries = await openBinariesTo(account, findPostgresBinaries());
  const dataFolder = await openFolderTo(account, folder);
  const entries = await readdir(dataFolder);
  if (entries.length > 0) await checkVersion(dataFolder, binaries);
  else if (copyOf === undefined) await createCluster({ dataFolder, account, binaries }, password, durable);
  else await copyCluster(copyOf, dataFolder);
  return { dataFolder, account, binaries };
}

async function checkVersion(dataFolder: string, binaries: PostgresBinaries): Promise<void> {
  const found = (await readFile(join(dataFolder, "PG_VERSION"), "utf8").catch(() => "")).trim();
  const expected = binaries.version.split(".", 1)[0];
  if (found === expected) return;
  const what = found === "" ? "is not a PostgreSQL data folder" : `belongs to PostgreSQL ${found}, not ${expected}`;
  throw new OperatorError(
    `${dataFolder} ${what}. Restore it from a backup, or move it away to start with an empty database.`,
  );
}

/** With its owners and modes, on which PostgreSQL insists. */
async function copyCluster(from: string, dataFolder: string): Promise<void> {
  const unfinished = `${dataFolder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await run("cp", ["-a", await realpath(from), unfinished]);
  await rename(unfinished, dataFolder);
}

async function createCluster(cluster: Cluster, password: string, durable: boolean): Promise<void> {
  const { dataFolder, account, binaries } = cluster;
  const unfinished = `${dataFolder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const secretFolder = await mkdtemp(join(tmpdir(), "switchyard-secret-"));
  const passwordFile = join(secretFolder, "password");
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account !== null) {
      for (const path of [unfinished, secretFolder, passwordFile]) await chown(path, account.uid, account.gid);
    }
    await run(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${localOwner}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        // The same order of text on every machine, whatever locales it has.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        ...(durable ? [] : ["--no-sync"]),
      ],
      { ...account, cwd: "/", env: { PATH: process.env["PATH"], LC_ALL: "C" } },
    );
    await rename(unfinished, dataFolder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const reason = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1) ?? (error as Error).message;
    throw new OperatorError(`PostgreSQL cannot create its data folder ${dataFolder}: ${reason}`, { cause: error });
  } finally {
    await rm(secretFolder, { recursive: true, force: true });
  }
}

export interface Durability {
  /** False trades crash safety for speed; for tests whose data dies with them. */
  durable: boolean;
}

export interface ServerSettings extends Durability {
  port: number;
}

/** The arguments with which `postgres` serves a cluster: loopback only, no socket file. */
export function serverArguments(dataFolder: string, settings: ServerSettings): string[] {
  const options: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(settings.port),
    unix_socket_directories: "",
    max_connections: "200",
    ...(settings.durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return ["-D", dataFolder, ...Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

export function ownerConnectionString(port: number, password: string, database = localOwner): string {
  return `postgres://${localOwner}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}
