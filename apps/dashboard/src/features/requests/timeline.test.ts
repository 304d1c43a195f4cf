import type { Receipt } from "@switchyard/api-contract/requests";
import { describe, expect, it } from "vitest";
import { timelineOf } from "./timeline.ts";

type Attempt = Receipt["attemptDetails"][number];

const attempt = (fields: Partial<Attempt>): Attempt => ({
  attemptId: "a1",
  attemptNumber: 1,
  role: "first",
  connectionName: "openai-eu",
  providerModel: "gpt-5-mini",
  startedAt: "2026-11-21T10:00:00.000Z",
  durationMs: 500,
  timeToFirstTokenMs: null,
  verdict: "complete",
  failureClass: null,
  upstreamStatus: 200,
  usageSource: "provider_final",
  priceVersionId: null,
  expectedUsd: null,
  heldUsd: "0",
  costUsd: "0",
  correctedUsd: "0",
  lines: [],
  budgets: [],
  ...fields,
});

const call = (durationMs: number, attemptDetails: Attempt[]) =>
  timelineOf({ startedAt: "2026-11-21T10:00:00.000Z", durationMs, attemptDetails });

describe("the timeline of a call", () => {
  it("places attempts where they were", () => {
    const bars = call(1_000, [
      attempt({ durationMs: 200 }),
      attempt({ startedAt: "2026-11-21T10:00:00.250Z", durationMs: 750, timeToFirstTokenMs: 75 }),
    ]);
    expect(bars.map(({ start, width, firstToken }) => [start, width, firstToken])).toEqual([
      [0, 20, null],
      [25, 75, 10],
    ]);
  });

  it("keeps an attempt that seems to outlast its call inside the frame", () => {
    for (const bar of call(100, [attempt({ startedAt: "2026-11-21T10:00:00.099Z", durationMs: 20 })])) {
      expect(bar.start + bar.width).toBeLessThanOrEqual(100.001);
    }
  });

  it("shows an attempt of no duration", () => {
    expect(call(0, [attempt({ durationMs: 0 })])[0]?.width).toBeGreaterThan(0);
  });
});
