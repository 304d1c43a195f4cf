import { describe, expect, it } from "vitest";
import { buildReceipt } from "./receipt.ts";
import type { AttemptRecord, RequestRecord } from "./usage-event.ts";

const attribution = {
  organisationId: "org",
  teamId: "team",
  projectId: "project",
  virtualKeyId: "key",
  user: "ada",
  session: null,
  tags: ["env=prod"],
};

function attempt(attemptNumber: number, more: Partial<AttemptRecord>): AttemptRecord {
  return {
    type: "attempt",
    version: 1,
    attemptId: `attempt-${attemptNumber}`,
    requestId: "request-1",
    attemptNumber,
    role: attemptNumber === 1 ? "first" : "fallback",
    operation: "chat",
    startedAtMs: 1_000 * attemptNumber,
    endedAtMs: 1_000 * attemptNumber + 500,
    gatewayId: "gateway",
    attribution,
    routeId: "route",
    routeName: "fast",
    connectionId: "openai",
    providerKind: "openai",
    modelId: "model",
    providerModel: "gpt-x",
    policyRevision: 7,
    priceVersionId: "p1",
    holdPicoUsd: "1000",
    closing: "settle",
    verdict: "complete",
    failureClass: null,
    upstreamStatus: 200,
    costPicoUsd: "130",
    usage: { input: 10, output: 3 },
    usageSource: "provider_final",
    lines: [
      { meter: "input", quantity: 10, unitPricePicoUsd: "10", amountPicoUsd: "100" },
      { meter: "output", quantity: 3, unitPricePicoUsd: "10", amountPicoUsd: "30" },
    ],
    quotas: [],
    timeToFirstTokenMs: 12,
    ...more,
  };
}

const request: RequestRecord = {
  type: "request",
  version: 1,
  requestId: "request-1",
  operation: "chat",
  startedAtMs: 900,
  endedAtMs: 2_600,
  gatewayId: "gateway",
  attribution,
  routeId: "route",
  routeName: "fast",
  requestedModel: "fast",
  connectionId: "openai",
  providerKind: "openai",
  modelId: "model",
  providerModel: "gpt-x",
  policyRevision: 7,
  stream: false,
  status: 200,
  errorCode: null,
  verdict: "complete",
  cache: "bypass",
  attempts: 2,
  costPicoUsd: "1130",
  timeToFirstTokenMs: 40,
  durationMs: 1_700,
  gatewayOverheadMs: 0.4,
  requestBytes: 300,
  responseBytes: 500,
  warnings: [],
  because: [{ code: "weighted", text: "first choice by weight" }],
};

/** Settled at its hold of 1,000 because the stream broke before the provider told its usage. */
const unknownUsage = attempt(1, {
  verdict: "errored",
  failureClass: "truncated",
  costPicoUsd: "1000",
  usage: {},
  usageSource: "upper_bound",
  lines: [],
});

describe("buildReceipt", () => {
  it("itemises attempts in order and adds them up", () => {
    const receipt = buildReceipt(request, [attempt(2, {}), unknownUsage]);
    expect(receipt).toMatchObject({ requestId: "request-1", currency: "USD", costPicoUsd: "1130", policyRevision: 7 });
    expect(receipt.attempts.map(({ attemptNumber }) => attemptNumber)).toEqual([1, 2]);
    expect(receipt.attempts[0]).toMatchObject({
      costPicoUsd: "1000",
      adjustmentPicoUsd: "1000",
      releasedPicoUsd: "0",
      overrunPicoUsd: "0",
      usageSource: "upper_bound",
    });
    expect(receipt.attempts[1]).toMatchObject({ adjustmentPicoUsd: "0", heldPicoUsd: "1000", releasedPicoUsd: "870" });
  });

  it("shows what was billed beyond the hold", () => {
    const overrun = attempt(1, { holdPicoUsd: "100" });
    const receipt = buildReceipt({ ...request, attempts: 1, costPicoUsd: "130" }, [overrun]);
    expect(receipt.attempts[0]).toMatchObject({ overrunPicoUsd: "30", releasedPicoUsd: "0" });
  });

  it("has no attempts when none was made, and says what a remembered answer saved", () => {
    const hit = { ...request, attempts: 0, costPicoUsd: "0", savedPicoUsd: "130", cache: "hit" } as const;
    expect(buildReceipt(hit, [])).toMatchObject({ costPicoUsd: "0", responseCacheSavedPicoUsd: "130", attempts: [] });
  });

  it("shows a copy for a shadow beside the request, whose cost and attempts leave it out", () => {
    const copy = attempt(2, { role: "shadow" });
    const answered = { ...request, attempts: 1, costPicoUsd: unknownUsage.costPicoUsd };
    const receipt = buildReceipt(answered, [unknownUsage, copy]);
    expect(receipt.attempts).toHaveLength(2);
    expect(receipt.costPicoUsd).toBe((BigInt(answered.costPicoUsd) + BigInt(copy.costPicoUsd)).toString());
    expect(receipt.costByRolePicoUsd.shadow).toBe(copy.costPicoUsd);
  });

  it("tells the first try from what was made to rescue it, and the estimate from the cost", () => {
    const receipt = buildReceipt(request, [unknownUsage, attempt(2, { expectedPicoUsd: "150" })]);
    expect(receipt.costByRolePicoUsd).toEqual({
      first: "1000",
      retry: "0",
      fallback: "130",
      hedge: "0",
      escalation: "0",
      shadow: "0",
    });
    expect(receipt.attempts.map(({ expectedPicoUsd }) => expectedPicoUsd)).toEqual([null, "150"]);
  });

  it("adds corrections without touching what was booked", () => {
    const corrections = [{ attemptId: "attempt-1", amountPicoUsd: "-400", recordedAtMs: 9_000 }];
    const receipt = buildReceipt(request, [unknownUsage, attempt(2, {})], corrections);
    expect(receipt).toMatchObject({ costPicoUsd: "1130", correctedPicoUsd: "-400", billedPicoUsd: "730" });
    expect(receipt.attempts.map(({ correctedPicoUsd }) => correctedPicoUsd)).toEqual(["-400", "0"]);
    const foreign = [{ attemptId: "attempt-9", amountPicoUsd: "-400", recordedAtMs: 9_000 }];
    expect(() => buildReceipt(request, [unknownUsage, attempt(2, {})], foreign)).toThrow(RangeError);
  });

  it("prices cached tokens at what the fresh ones beside them cost", () => {
    const fresh = { meter: "input", quantity: 10, unitPricePicoUsd: "10", amountPicoUsd: "100" } as const;
    const cached = { meter: "cached_input", quantity: 40, unitPricePicoUsd: "1", amountPicoUsd: "40" } as const;
    const savedBy = (lines: AttemptRecord["lines"]) =>
      buildReceipt({ ...request, attempts: 1, costPicoUsd: "140" }, [attempt(1, { costPicoUsd: "140", lines })])
        .attempts[0]?.providerCacheSavedPicoUsd;
    expect(savedBy([fresh, cached])).toBe("360");
    expect(savedBy([fresh])).toBe("0");
    expect(savedBy([cached])).toBeNull();
  });

  it.each([
    ["an attempt of another request", [attempt(1, { requestId: "other" }), attempt(2, {})]],
    ["an attempt twice", [attempt(2, {}), attempt(2, {})]],
    ["a missing attempt", [attempt(2, {})]],
    ["a sum that does not tie", [attempt(1, {}), attempt(2, {})]],
    ["lines above the cost", [unknownUsage, attempt(2, { costPicoUsd: "129" })]],
  ])("refuses %s", (_name, attempts) => {
    expect(() => buildReceipt(request, attempts)).toThrow(RangeError);
  });
});
