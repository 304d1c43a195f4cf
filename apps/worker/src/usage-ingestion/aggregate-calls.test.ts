import { expect, it } from "vitest";
import { aggregateCalls } from "./aggregate-calls.ts";
import { requestRecord } from "./usage-records.fixture.ts";

it("counts calls by hour, key, user and tags, whatever their session", () => {
  const hour = Date.UTC(2026, 10, 21, 10);
  const call = (startedAtMs: number, more: object) => {
    const record = requestRecord({ requestId: "r", startedAtMs });
    return { ...record, attribution: { ...record.attribution, user: "ada", session: null, tags: ["env=prod"], ...more } };
  };
  const counts = aggregateCalls([
    call(hour, {}),
    call(hour + 3_599_999, { session: "s" }),
    call(hour + 3_600_000, {}),
    call(hour, { user: null }),
    call(hour, { tags: [] }),
    call(hour, { virtualKeyId: "other" }),
  ]);
  expect(counts.map(({ hour: at, user, tags, requests }) => [(at - hour) / 3_600_000, user, tags.length, requests])).toEqual([
    [0, "ada", 1, 2],
    [1, "ada", 1, 1],
    [0, null, 1, 1],
    [0, "ada", 0, 1],
    [0, "ada", 1, 1],
  ]);
  expect(counts[0]).not.toHaveProperty("session");
}); // prettier-ignore
