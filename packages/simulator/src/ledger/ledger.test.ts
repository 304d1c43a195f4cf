import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { SEGMENT_ENTRIES } from "./entry-segment.ts";
import { Ledger, type OpenEntry } from "./ledger.ts";
import type { ClosedCall, OpenedCall } from "./ledger-entry.ts";
import { LedgerFile } from "./ledger-file.ts";

const SHA = "ab".repeat(32);
const CALL: OpenedCall = {
  receivedAtMs: 1_790_000_000_000,
  provider: "p",
  model: "m",
  endpoint: "chat.completions",
  attemptId: "attempt-1",
  requestBodySha256: SHA,
  stream: true,
};
const COMPLETE: ClosedCall = {
  status: 200,
  outcome: "complete",
  billedTokens: { input: 10, cachedInput: 4, output: 7, reasoning: 2 },
};
const ERRORED: ClosedCall = { status: 500, outcome: "errored", billedTokens: null };

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "simulator-ledger-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "nested", "ledger.ndjson");
}

function serve(ledger: Ledger, call: Partial<OpenedCall> = {}, closed: ClosedCall = COMPLETE): OpenEntry {
  const entry = ledger.open({ ...CALL, ...call });
  ledger.close(entry, closed);
  return entry;
}

describe("Ledger", () => {
  it("keeps what was said when a call opened and closed", () => {
    const ledger = new Ledger();
    serve(ledger);
    expect(ledger.entries({}, 10)).toEqual([
      {
        sequence: 1,
        receivedAt: "2026-09-21T14:13:20.000Z",
        provider: "p",
        model: "m",
        endpoint: "chat.completions",
        attemptId: "attempt-1",
        requestBodySha256: SHA,
        stream: true,
        status: 200,
        outcome: "complete",
        billed: true,
        tokens: { input: 10, cachedInput: 4, output: 7, reasoning: 2 },
      },
    ]);
  });

  it("closes an entry exactly once", () => {
    const ledger = new Ledger();
    const entry = serve(ledger);
    expect(() => ledger.close(entry, ERRORED)).toThrow("closed already");
    expect(ledger.totals({})).toMatchObject({ calls: 1, billedCalls: 1, outcomes: { complete: 1 } });
  });

  it("sums calls, billed calls and tokens, and shows open calls", () => {
    const ledger = new Ledger();
    serve(ledger);
    serve(ledger, { model: "other" });
    serve(ledger, {}, ERRORED);
    ledger.open(CALL);
    expect(ledger.totals({})).toEqual({
      calls: 4,
      openCalls: 1,
      billedCalls: 2,
      tokens: { input: 20, cachedInput: 8, output: 14, reasoning: 4 },
      outcomes: { complete: 2, errored: 1 },
    });
    expect(ledger.entries({}, 10).map(({ outcome, billed }) => [outcome, billed])).toEqual([
      ["complete", true],
      ["complete", true],
      ["errored", false],
      ["open", false],
    ]);
  });

  it("filters entries and totals by provider, model, attempt and sequence", () => {
    const ledger = new Ledger();
    serve(ledger, { provider: "a", model: "x", attemptId: "1" });
    serve(ledger, { provider: "a", model: "y", attemptId: "2" });
    serve(ledger, { provider: "b", model: "x", attemptId: null });
    const sequences = (filter: Parameters<Ledger["entries"]>[0]): number[] =>
      ledger.entries(filter, 10).map(({ sequence }) => sequence);
    for (const [filter, expected] of [
      [{ provider: "a" }, [1, 2]],
      [{ model: "x" }, [1, 3]],
      [{ provider: "a", model: "x" }, [1]],
      [{ attemptId: "2" }, [2]],
      [{ since: 1 }, [2, 3]],
      [{ since: 1, model: "x" }, [3]],
      [{ provider: "nobody" }, []],
    ] as const) {
      expect(sequences(filter)).toEqual(expected);
      expect(ledger.totals(filter)).toMatchObject({ calls: expected.length, tokens: { input: expected.length * 10 } });
    }
    expect(ledger.entries({}, 2).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it("does not confuse names whose joined text is the same", () => {
    const ledger = new Ledger();
    serve(ledger, { provider: "ab", model: "c" });
    serve(ledger, { provider: "a", model: "bc" });
    expect(ledger.totals({ provider: "a" }).calls).toBe(1);
  });

  it("drops the oldest entries beyond its bound and keeps them in the totals", () => {
    const ledger = new Ledger({ mostEntries: SEGMENT_ENTRIES });
    const first = ledger.open(CALL);
    const calls = SEGMENT_ENTRIES * 3 + 5;
    for (let call = 1; call < calls; call += 1) serve(ledger);
    ledger.close(first, COMPLETE);
    expect(ledger.evictedEntries).toBe(SEGMENT_ENTRIES * 2);
    const kept = ledger.entries({}, calls);
    expect(kept).toHaveLength(calls - ledger.evictedEntries);
    expect(kept.at(-1)?.sequence).toBe(calls);
    expect(ledger.totals({})).toMatchObject({ calls, openCalls: 0, tokens: { input: calls * 10 } });
  });

  it("forgets everything on clear, calls under way included, and counts on", () => {
    const ledger = new Ledger();
    serve(ledger);
    const open = ledger.open(CALL);
    ledger.clear();
    ledger.close(open, COMPLETE);
    expect(ledger.totals({})).toMatchObject({ calls: 0, openCalls: 0, billedCalls: 0 });
    expect(serve(ledger).sequence).toBe(3);
    expect(ledger.entries({}, 10).map(({ sequence }) => sequence)).toEqual([3]);
  });
});

describe("Ledger with a file", () => {
  it("has the opening in the file before open returns, and the rest when it is known", () => {
    const path = temporaryFile();
    const ledger = new Ledger({ file: new LedgerFile(path) });
    const lines = (): string[] => readFileSync(path, "utf8").split("\n").filter(Boolean);
    const entry = ledger.open(CALL);
    expect(lines().map((line) => JSON.parse(line))).toEqual([{ event: "open", sequence: 1, ...CALL }]);
    ledger.close(entry, COMPLETE);
    expect(JSON.parse(lines()[1] ?? "")).toEqual({ event: "close", sequence: 1, ...COMPLETE });
  });

  it("continues where it stopped: entries, totals and numbers", () => {
    const path = temporaryFile();
    const before = new Ledger({ file: new LedgerFile(path) });
    serve(before);
    before.clear();
    for (let call = 0; call < 10; call += 1)
      serve(before, { model: `m${call % 3}` }, call % 2 === 0 ? COMPLETE : ERRORED);
    const after = new Ledger({ file: new LedgerFile(path) });
    expect(after.entries({}, 100)).toEqual(before.entries({}, 100));
    expect(after.totals({})).toEqual(before.totals({}));
    expect(serve(after).sequence).toBe(12);
  });

  it("marks calls that were open at a crash as interrupted, once and for all", () => {
    const path = temporaryFile();
    new Ledger({ file: new LedgerFile(path) }).open(CALL);
    const interrupted = { calls: 1, openCalls: 0, billedCalls: 0, outcomes: { interrupted: 1 } };
    expect(new Ledger({ file: new LedgerFile(path) }).totals({})).toMatchObject(interrupted);
    expect(new Ledger({ file: new LedgerFile(path) }).totals({})).toMatchObject(interrupted);
  });

  it("cuts off a line that a crash has torn, at every byte of it", () => {
    const torn = JSON.stringify({ event: "close", sequence: 2, ...COMPLETE });
    for (let length = 1; length < torn.length; length += 17) {
      const path = temporaryFile();
      const before = new Ledger({ file: new LedgerFile(path) });
      serve(before);
      before.open(CALL);
      appendFileSync(path, torn.slice(0, length));
      const after = new Ledger({ file: new LedgerFile(path) });
      serve(after);
      expect(after.totals({}).outcomes).toEqual({ complete: 2, interrupted: 1 });
      expect(new Ledger({ file: new LedgerFile(path) }).entries({}, 10)).toEqual(after.entries({}, 10));
    }
  });

  it.each(["not json\n", '{"event":"open"}\n', `${JSON.stringify({ event: "open", sequence: 9, ...CALL })}\n`])(
    "refuses a file that is no ledger: %s",
    (text) => {
      const path = temporaryFile();
      new Ledger({ file: new LedgerFile(path) });
      appendFileSync(path, text);
      expect(() => new Ledger({ file: new LedgerFile(path) })).toThrow(/not a ledger record|out of order/);
    },
  );
});
