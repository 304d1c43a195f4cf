/** A layer that is one project of the root vitest configuration. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Layer, type LayerResult, requireTests } from "./layer.ts";
import { runTool } from "../run-tool.ts";

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

export function vitestLayer(name: "unit" | "int" | "e2e" | "system"): Layer {
  return {
    name,
    run: async ({ note, signal }) => {
      const folder = await mkdtemp(join(tmpdir(), "switchyard-report-"));
      const reportFile = join(folder, "report.json");
      try {
        const { succeeded, output } = await runTool(
          "vitest",
          ["run", "--project", name, "--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`],
          { signal, onLine: (line) => note(line.replace(/^[✓❯×]\s+/, "").replace(/^\|?\w+\|?\s+(?=\S+\.test\.)/, "")) },
        );
        const report = JSON.parse(await readFile(reportFile, "utf8").catch(() => "null")) as VitestReport | null;
        return requireTests(name, count(report, succeeded, withoutPasses(output)));
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A file that could not be loaded, and an error outside any test, are failures too, though no test has them. */
export function count(report: VitestReport | null, succeeded: boolean, output: string): LayerResult {
  const brokenFiles = (report?.testResults ?? []).filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    output,
  };
}

function withoutPasses(output: string): string {
  return output
    .split("\n")
    .filter((line) => !/^\s*✓/.test(line))
    .join("\n");
}
