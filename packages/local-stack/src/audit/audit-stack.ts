import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../repository-root.ts";
import { type Stack, type StackOptions, startStack } from "../stack.ts";

/** Enough for some tens of thousands of answers. */
const keptAnswerBytes = 512 * 1024 * 1024;

/** A stack whose gateways can be given a wrong clock or a bug, and whose simulator remembers what it sent. */
export async function startAuditStack(
  options: Pick<StackOptions, "gatewayProcesses" | "runStep" | "signal">,
): Promise<Stack> {
  const preload = join(repositoryRoot, "apps/gateway/test/rehearsal/preload.ts");
  return await startStack({
    ...options,
    env: { SIMULATOR_KEPT_ANSWER_BYTES: String(keptAnswerBytes), LOG_LEVEL: "warn" },
    gatewayEnv: { NODE_OPTIONS: `--import=${preload}` },
  });
}

/** Where the rehearsing gateways look; see apps/gateway/test/rehearsal. */
export function rehearsalFolder(home: string): string {
  const folder = join(home, "gateway", "rehearsal");
  mkdirSync(folder, { recursive: true });
  return folder;
}
