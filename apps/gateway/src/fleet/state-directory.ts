import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EnvError } from "../env.ts";

/**
 * Makes the state directory ready and answers the name of this installation, which outlives restarts: leases and
 * journals belong to it. Throws EnvError with one line for a directory that cannot be written.
 */
export function openStateDirectory(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    return readOrCreateName(join(path, "gateway-name"));
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new EnvError(
      `cannot start: GATEWAY_STATE_DIR (${path}) must be a directory this process may write (${reason})`,
    );
  }
}

function readOrCreateName(path: string): string {
  const name = `gateway-${randomBytes(6).toString("hex")}`;
  try {
    // Fails where there is a name already: it is never replaced.
    writeFileSync(path, `${name}\n`, { flag: "wx", mode: 0o600 });
    return name;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    return readFileSync(path, "utf8").trim();
  }
}
