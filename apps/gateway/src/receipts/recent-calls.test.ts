import { expect, test } from "vitest";
import { attemptRecord, requestRecord } from "../../test/settlement/usage-records.ts";
import type { CallRecord } from "../settlement/recent-records.ts";
import { RecentCalls } from "./recent-calls.ts";

const { attribution, endedAtMs, startedAtMs } = requestRecord("r1");
const { projectId } = attribution;

/** As journalled, the oldest first. */
function recentCalls(...records: CallRecord[]): RecentCalls {
  const ofCall = (id: string) => records.filter(({ requestId }) => requestId === id).toReversed();
  return new RecentCalls({ written: () => Promise.resolve(), ofCall });
}

const request = (attempts: number) => ({ ...requestRecord("r1"), attempts });
const attempt = (id: string, role: "first" | "shadow" = "first") => ({ ...attemptRecord(id), requestId: "r1", role });

test("a call is found with all of its attempts, also with one that was closed after it", async () => {
  const recent = recentCalls(attempt("a1"), request(2), attempt("a2"), attempt("copy", "shadow"));
  const found = await recent.find("r1", startedAtMs, projectId, endedAtMs);
  expect(found?.request).toMatchObject({ requestId: "r1", attempts: 2 });
  expect(found?.attempts.map(({ attemptId }) => attemptId).toSorted()).toEqual(["a1", "a2", "copy"]);
});

test("a call whose attempt is still read to its end is not found yet", async () => {
  const find = (recent: RecentCalls) => recent.find("r1", startedAtMs, projectId, endedAtMs);
  expect(await find(recentCalls(attempt("a1"), request(2)))).toBeNull();
  expect(await find(recentCalls(attempt("a1")))).toBeNull();
  // Neither is one attempt two because it was journalled twice.
  expect(await find(recentCalls(attempt("a1"), attempt("a1"), request(2)))).toBeNull();
});

test("a call is found by its project alone, and for five minutes", async () => {
  const recent = recentCalls(request(0));
  const minutes = 60_000;
  expect(await recent.find("r1", startedAtMs, projectId, endedAtMs + 5 * minutes)).not.toBeNull();
  expect(await recent.find("r1", startedAtMs, projectId, endedAtMs + 5 * minutes + 1)).toBeNull();
  expect(await recent.find("r1", startedAtMs - 60 * minutes, projectId, endedAtMs + 1)).toBeNull();
  expect(await recent.find("r1", startedAtMs, "prj_other", endedAtMs)).toBeNull();
  expect(await recent.isCallOf("r1", projectId)).toBe(true);
  expect(await recent.isCallOf("r1", "prj_other")).toBe(false);
  expect(await recent.isCallOf("r2", projectId)).toBe(false);
});
