import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { adoptReports, othersCountForMs, ownCountsForMs } from "./adopt-reports.ts";
import { circuitStateAt } from "./circuit.ts";
import { ConnectionHealth } from "./connection-health.ts";
import { reportHealth, type TargetReport } from "./health-report.ts";
import type { AttemptHealth } from "./target-health.ts";

const nowMs = 1_000_000;
const answered: AttemptHealth = { failure: null, firstTokenMs: 80, totalMs: 200, retryAfterMs: null };
const failed: AttemptHealth = { ...answered, failure: "overloaded", firstTokenMs: null };

/** What a process tells that saw these ends just now. */
function told(...attempts: readonly AttemptHealth[]): TargetReport {
  const connection = new ConnectionHealth();
  for (const attempt of attempts) connection.note("m", attempt, 0, new SeededDraws(1));
  const [report] = reportHealth(new Map([["c", connection]]), 0);
  if (report === undefined) throw new Error("a called target is reported");
  return report;
}

const works = told(answered);
const broken = told(failed, failed, failed, failed, failed);

let here: ConnectionHealth;
beforeEach(() => {
  here = new ConnectionHealth();
});

function adopt(reports: readonly TargetReport[], { toldMsAgo = 0, atMs = nowMs } = {}): void {
  const others = reports.map((report) => ({ toldMsAgo, targets: [report] }));
  adoptReports(others, () => here, atMs, new SeededDraws(1));
}

const state = (atMs = nowMs) => circuitStateAt(here.targetOf("m").circuit, atMs);

describe("what others have seen", () => {
  it("opens the circuit of a target that was not called here, and says whose evidence it is", () => {
    adopt([broken]);
    expect(state()).toBe("open");
    expect(here.targetOf("m").circuit).toMatchObject({ cause: "overloaded", seenByOthers: true });
  });

  it("gives way to one that gets answers, and closes what it opened", () => {
    adopt([broken, works]);
    expect(state()).toBe("closed");
    adopt([broken]);
    adopt([works]);
    expect(state()).toBe("closed");
  });

  it("tells times where none are known here", () => {
    adopt([works]);
    const { firstToken } = here.targetOf("m");
    expect(firstToken.samplesAt(nowMs)).toBeCloseTo(1);
    expect(firstToken.quantile(0.5)).toBeGreaterThan(60);
    adopt([works]);
    expect(firstToken.samplesAt(nowMs)).toBeCloseTo(1);
  });

  it("counts for nothing when it is old, or while this process knows better", () => {
    adopt([broken], { toldMsAgo: othersCountForMs + 1 });
    expect(state()).toBe("closed");
    here.note("m", answered, nowMs, new SeededDraws(1));
    adopt([broken], { atMs: nowMs + ownCountsForMs - 1 });
    expect(state(nowMs + ownCountsForMs - 1)).toBe("closed");
    adopt([broken], { atMs: nowMs + ownCountsForMs });
    expect(state(nowMs + ownCountsForMs)).toBe("open");
  });

  it("does not disturb a trial, whose failure becomes own evidence", () => {
    adopt([broken]);
    const triedAtMs = here.targetOf("m").circuit.retryAtMs;
    here.begin("m", false, triedAtMs);
    adopt([works], { atMs: triedAtMs });
    expect(state(triedAtMs)).toBe("on_trial");
    here.note("m", failed, triedAtMs, new SeededDraws(1));
    expect(here.targetOf("m").circuit.seenByOthers).toBeUndefined();
    adopt([works], { atMs: triedAtMs });
    expect(state(triedAtMs)).toBe("open");
  });

  it("never changes what was seen here within the last minute, whatever others say", () => {
    const reports = fc.array(fc.constantFrom(works, broken), { maxLength: 5 });
    const attempts = fc.array(fc.constantFrom(answered, failed), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(reports, attempts, fc.nat(ownCountsForMs - 1), (others, own, laterMs) => {
        here = new ConnectionHealth();
        for (const attempt of own) here.note("m", attempt, nowMs, new SeededDraws(1));
        const before = here.targetOf("m").circuit;
        adopt(others, { atMs: nowMs + laterMs });
        expect(here.targetOf("m").circuit).toBe(before);
      }),
    );
  });
});
