/** The browser tests: Playwright in the dashboard, against a stack of their own. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../repository-root.ts";
import { startStack } from "../stack.ts";
import { provideChromium } from "./chromium.ts";
import { type Layer, type LayerResult, requireTests } from "./layer.ts";
import { runTool } from "../run-tool.ts";

/** The part of Playwright's JSON report that is counted. */
interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

export const browserLayer: Layer = {
  name: "browser",
  run: async ({ note, signal }) => {
    const chromium = await provideChromium(note, signal);
    note("starting a stack");
    const stack = await startStack({ gatewayProcesses: 1, signal });
    const folder = await mkdtemp(join(tmpdir(), "switchyard-report-"));
    const reportFile = join(folder, "report.json");
    try {
      const { succeeded, output } = await runTool("pnpm", ["run", "test:browser", "--reporter=line,json"], {
        cwd: join(repositoryRoot, "apps/dashboard"),
        signal,
        onLine: (line) => note(line),
        env: {
          // Playwright decides on colours for its workers by this one alone.
          NO_COLOR: undefined,
          FORCE_COLOR: "0",
          PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile,
          SWITCHYARD_CHROMIUM: chromium,
          SWITCHYARD_ADMIN_URL: stack.adminUrl,
          SWITCHYARD_GATEWAY_URL: stack.gatewayUrl,
          SWITCHYARD_SIMULATOR_URL: stack.simulatorUrl,
          SWITCHYARD_FIRST_RUN: join(stack.home, "first-run.json"),
          DATABASE_URL: stack.databaseUrl,
        },
      });
      const report = JSON.parse(await readFile(reportFile, "utf8").catch(() => "null")) as PlaywrightReport | null;
      return requireTests("browser", count(report, succeeded, withoutProgress(output)));
    } finally {
      await stack.shutdown();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** A test that passes only when repeated has shown a defect. */
function count(report: PlaywrightReport | null, succeeded: boolean, output: string): LayerResult {
  const { expected, unexpected, flaky, skipped } = report?.stats ?? {
    expected: 0,
    unexpected: 0,
    flaky: 0,
    skipped: 0,
  };
  const failed = unexpected + flaky;
  return { passed: expected, failed: failed === 0 && !succeeded ? 1 : failed, skipped, output };
}

function withoutProgress(output: string): string {
  return output
    .split("\n")
    .filter((line) => !/^\[\d+\/\d+\]/.test(line))
    .join("\n");
}
