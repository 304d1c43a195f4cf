import type { JournalRecord } from "@switchyard/metering/usage-event";
import { describe, expect, it } from "vitest";
import { attemptRecord, feedbackRecord, holdRecord, requestRecord } from "../../test/settlement/usage-records.ts";
import { RecentRecords } from "./recent-records.ts";

function lines(...records: JournalRecord[]) {
  return records.map((record) => ({ text: `${JSON.stringify(record)}\n` }));
}

const call = (number: number) => {
  const requestId = `r${number}`;
  const ofCall = { requestId };
  return lines(
    { ...holdRecord(`a${number}`), ...ofCall },
    { ...attemptRecord(`a${number}`), ...ofCall },
    { ...requestRecord(requestId), requestedModel: "Größe 🚂" },
  );
};
const bytesOf = (group: readonly { text: string }[]) => Buffer.from(group.map(({ text }) => text).join(""));

describe("RecentRecords", () => {
  it("encodes lines as they are to be written", () => {
    const recent = new RecentRecords(10_000);
    for (let number = 0; number < 50; number += 1) {
      expect(Buffer.from(recent.encode(call(number)))).toEqual(bytesOf(call(number)));
    }
  });

  it("finds what ended of a call, the newest first, and nothing of others", () => {
    const recent = new RecentRecords();
    recent.encode([...call(1), ...call(2), ...lines(feedbackRecord("r1")), ...call(11)]);
    const found = [...recent.ofCall("r1")];
    expect(found.map(({ type, requestId }) => `${type} ${requestId}`)).toEqual(["request r1", "attempt r1"]);
    expect(found[0]).toEqual({ ...requestRecord("r1"), requestedModel: "Größe 🚂" });
    expect([...recent.ofCall("r3")]).toEqual([]);
  });

  it("finds a call whose records are in both halves, and forgets the older half first", () => {
    // Room is reckoned as if every unit took three bytes, so a whole call always begins a half.
    const recent = new RecentRecords(3 * call(1).reduce((sum, { text }) => sum + text.length, 0));
    const found = () => [...recent.ofCall("r1")].map(({ type }) => type);
    recent.encode(call(1).slice(1, 2));
    recent.encode(call(2));
    recent.encode(call(1).slice(2));
    expect(found()).toEqual(["request", "attempt"]);
    recent.encode(call(3));
    expect(found()).toEqual(["request"]);
    recent.encode(call(4));
    expect(found()).toEqual([]);
  });

  it("takes a group that is too large for it, and forgets nothing else", () => {
    const recent = new RecentRecords(4_000);
    recent.encode(call(1).slice(1, 2));
    const large = [...call(2), ...call(3), ...call(4)];
    expect(Buffer.from(recent.encode(large))).toEqual(bytesOf(large));
    expect([...recent.ofCall("r1")]).toHaveLength(1);
    expect([...recent.ofCall("r2")]).toEqual([]);
  });
});
