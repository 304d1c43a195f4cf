import type { RequestRecord } from "@switchyard/metering/usage-event";
import { expect, test } from "vitest";
import { RecentCalls } from "./recent-calls.ts";

function record(requestId: string): RequestRecord {
  return { requestId, attempts: 0, endedAtMs: 0, attribution: { projectId: "prj_1" } } as unknown as RequestRecord;
}

test("the last thousand calls are known, and no earlier one", () => {
  const recent = new RecentCalls();
  for (let number = 0; number < 2_500; number++) recent.remember(record(`request_${number}`), []);
  const known = (number: number) => recent.find(`request_${number}`, "prj_1", 0) !== null;
  expect([known(0), known(1_499), known(1_500), known(2_499)]).toEqual([false, false, true, true]);
});
