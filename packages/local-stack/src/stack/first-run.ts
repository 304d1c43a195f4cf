/** Seeds an empty database and keeps what the first person needs to get in. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { OperatorError } from "../operator-error.ts";
import { repositoryRoot } from "../repository-root.ts";
import type { Environment } from "./environment.ts";
import { writePrivateFile } from "./state-folder.ts";

const run = promisify(execFile);

export interface FirstRun {
  gatewayUrl: string;
  adminUrl: string;
  adminEmail: string;
  adminPassword: string;
  adminToken: string;
  virtualKey: string;
  /** A route that the key may call; null when there is nothing to try. */
  sampleModel: string | null;
}

/**
 * Runs the control plane's seed, which does nothing to a database that has an organisation. Its answer goes to `file`
 * with the addresses of this start; on later starts only the addresses change.
 * @returns what the file holds, or null when it was lost: the seed shows its secrets once.
 */
export async function seed(
  file: string,
  addresses: Pick<FirstRun, "gatewayUrl" | "adminUrl">,
  environment: Environment,
): Promise<FirstRun | null> {
  const answer = await runSeed(environment);
  const known = "alreadySeeded" in answer ? readFirstRun(file) : answer;
  if (known === null) return null;
  const firstRun = { ...known, ...addresses };
  writePrivateFile(file, `${JSON.stringify(firstRun, null, 2)}\n`);
  return firstRun;
}

async function runSeed(environment: Environment): Promise<FirstRun | { alreadySeeded: true }> {
  const script = join(repositoryRoot, "apps/control-plane/dist/seed.js");
  try {
    const { stdout } = await run(process.execPath, [script], { env: environment as NodeJS.ProcessEnv, cwd: "/" });
    const line = stdout.trim().split("\n").at(-1) ?? "";
    return JSON.parse(line) as FirstRun | { alreadySeeded: true };
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    throw new OperatorError(`The first-run seed failed: ${reason}`, { cause: error });
  }
}

function readFirstRun(file: string): FirstRun | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as FirstRun;
  } catch {
    return null;
  }
}
