/** Preloaded by the audit into gateways that it started: a movable clock, and one bug to live with. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { applyMutant } from "./mutants/registry.ts";
import { moveClock } from "./movable-clock.ts";

// The option reaches every process of the tree; only gateways rehearse.
if (basename(process.argv[1] ?? "") === "main.js") {
  if (process.env["SWITCHYARD_LOCAL"] !== "1") throw new Error("rehearsals run in local mode only");
  const folder = join(process.env["GATEWAY_STATE_DIR"] ?? "", "rehearsal");
  moveClock(join(folder, "clock-offset-ms"));
  const mutantFile = join(folder, "mutant");
  if (existsSync(mutantFile)) await applyMutant(readFileSync(mutantFile, "utf8").trim());
}
