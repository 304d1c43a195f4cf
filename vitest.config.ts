import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, though they are short: begun last, they would run alone for most of that time. */
const slowest = ["system/audit.test.ts"];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => slowest.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

/**
 * One project a layer, over all packages: a single run starts once, shares its workers and gives one report.
 * `pnpm test` inside a package runs that package's part of the same project.
 */
const integration = "**/*.int.test.ts";
/** For the layers with databases. */
const globalSetup = "packages/local-stack/src/testing/migrated-database.ts";

export default defineConfig({
  test: {
    passWithNoTests: true,
    // Most files wait much of their time, for a database or for a process.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          name: "unit",
          // None of them changes anything that lives as long as its process, so files share what they import: loading it anew
          // for each took longer than the tests.
          isolate: false,
          include: [
            "apps/*/src/**/*.test.{ts,tsx}",
            "packages/*/{src,test}/**/*.test.ts",
            "prisma/{src,test}/**/*.test.ts",
          ],
          exclude: [integration],
          // Far from what any needs, so that a busy machine fails none of them.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "int",
          include: ["{apps,packages}/*/{src,test}/**/*.int.test.ts", "prisma/{src,test}/**/*.int.test.ts"],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["apps/*/test/**/*.test.ts"],
          exclude: [integration],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Each file runs a whole stack, which waits for much of its time: two fit beside each other.
        test: {
          name: "system",
          include: ["packages/local-stack/system/**/*.test.ts"],
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
