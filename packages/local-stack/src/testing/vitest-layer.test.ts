import { describe, expect, it } from "vitest";
import { requireTests } from "./layer.ts";
import { count, type VitestReport } from "./vitest-layer.ts";

const report: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [
    { status: "passed", assertionResults: [{ status: "passed" }] },
    { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] },
  ],
};

describe("count", () => {
  it("takes vitest's figures", () => {
    expect(count(report, false, "")).toMatchObject({ passed: 3, failed: 1, skipped: 3 });
  });

  it("counts a file that could not be loaded", () => {
    const testResults = [...report.testResults, { status: "failed", assertionResults: [] }];
    expect(count({ ...report, testResults }, false, "")).toMatchObject({ passed: 3, failed: 2 });
  });

  it("counts an error outside any test", () => {
    expect(count({ ...report, numFailedTests: 0, testResults: [] }, false, "")).toMatchObject({ failed: 1 });
  });

  it("counts a run that left no report", () => {
    expect(count(null, false, "crash")).toEqual({ passed: 0, failed: 1, skipped: 0, output: "crash" });
  });
});

describe("requireTests", () => {
  it("does not let a layer pass that ran nothing", () => {
    expect(requireTests("e2e", { passed: 0, failed: 0, skipped: 4, output: "" })).toMatchObject({
      failed: 1,
      skipped: 4,
    });
  });
});
