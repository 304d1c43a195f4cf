/** What can be judged without running the product. Each tool counts as one check. */
import { checkPlantedViolations } from "./planted-violations.ts";
import type { Layer, LayerContext, LayerResult } from "./layer.ts";
import { runTool } from "../run-tool.ts";

export const staticChecks: readonly Layer[] = [
  tool("format", "oxfmt", ["--check", "."]),
  tool("lint", "oxlint", []),
  tool("boundaries", "turbo", ["boundaries"]),
  { name: "canary", run: checkPlantedViolations },
  tool("knip", "knip", ["--no-progress"]),
  tool("typecheck", "turbo", ["run", "typecheck", "--continue", "--output-logs=errors-only"]),
];

function tool(name: string, command: string, args: readonly string[]): Layer {
  return {
    name,
    run: async ({ signal }: LayerContext): Promise<LayerResult> => {
      const { succeeded, output } = await runTool(command, args, { signal });
      return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0, output };
    },
  };
}

/** The database client is generated, and lint and types read it. */
export async function generateDatabaseClient(signal: AbortSignal): Promise<void> {
  const { succeeded, output } = await runTool("turbo", ["run", "db:generate", "--output-logs=errors-only"], { signal });
  if (!succeeded) throw new Error(`generating the database client failed:\n${output}`);
}
