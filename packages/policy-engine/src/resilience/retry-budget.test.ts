import { describe, expect, test } from "vitest";
import { fewestRetries, hasRetryBudget } from "./retry-budget.ts";

describe("hasRetryBudget", () => {
  test.each([
    [0, 0, true],
    [fewestRetries - 1, fewestRetries - 1, true],
    [fewestRetries, fewestRetries, false],
    [10_000, 999, true],
    [10_000, 1_000, false],
    [10_000, 1_001, false],
  ])("%i first calls with %i retries: %s", (firstCalls, retries, allowed) => {
    expect(hasRetryBudget({ firstCalls, retries })).toBe(allowed);
  });

  test("keeps a full outage under load at 1.1 calls for each that is asked", () => {
    let retries = 0;
    const asked = 50_000;
    for (let firstCalls = 1; firstCalls <= asked; firstCalls++) {
      if (hasRetryBudget({ firstCalls, retries })) retries += 1;
    }
    expect((asked + retries) / asked).toBeLessThanOrEqual(1.1);
  });
});
