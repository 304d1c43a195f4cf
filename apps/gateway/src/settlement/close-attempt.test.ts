import type { PriceVersion } from "@switchyard/metering/price-version";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttemptOutcome } from "../admission/admission.ts";
import type { OpenAttempt } from "../admission/open-attempts.ts";
import { holdRecord } from "../../test/settlement/usage-records.ts";
import { closeAttempt, closeLostAttempt, closeUnsentAttempt } from "./close-attempt.ts";

const tokenPrices: PriceVersion = {
  priceVersionId: "p1",
  connectionId: null,
  effectiveFromMs: 0,
  free: false,
  lines: [
    { meter: "input", unitPricePicoUsd: "1" },
    { meter: "output", unitPricePicoUsd: "10" },
  ],
};
const flatFee: PriceVersion = { ...tokenPrices, lines: [{ meter: "requests", unitPricePicoUsd: "500" }] };
const hardLease = { quotaId: "hard", windowStartMs: 0, leaseId: "lease", heldPicoUsd: "500" };
const softBudget = { quotaId: "soft", windowStartMs: 0, leaseId: null, heldPicoUsd: "500" };

function open(priceVersion: PriceVersion | null = tokenPrices): OpenAttempt {
  const hold = holdRecord("a1", { holdPicoUsd: "500", quotas: [hardLease, softBudget] });
  return {
    hold,
    isOpen: true,
    outputTokensCap: 20,
    holdPicoUsd: 500n,
    fee: null,
    priceVersion,
    budgets: [],
    rates: [],
  };
}

const answered: AttemptOutcome = {
  verdict: "complete",
  failureClass: null,
  upstreamStatus: 200,
  timeToFirstTokenMs: 12,
  usageSource: "provider_final",
  usage: { input: 90, output: 11 },
  mayBeBilled: true,
  serviceTier: null,
};

const close = (outcome: Partial<AttemptOutcome>, attempt = open()) =>
  closeAttempt(attempt, { ...answered, ...outcome }, 1_800_000_009_000);

describe("closeAttempt", () => {
  it("settles at the cost of what was used", () => {
    expect(close({})).toMatchObject({
      type: "attempt",
      attemptId: "a1",
      closing: "settle",
      costPicoUsd: "200",
      holdPicoUsd: "500",
      usageSource: "provider_final",
      usage: { input: 90, output: 11 },
      lines: [
        { meter: "input", amountPicoUsd: "90" },
        { meter: "output", amountPicoUsd: "110" },
      ],
      quotas: [
        { ...hardLease, chargedPicoUsd: "200", overrunPicoUsd: "0" },
        { ...softBudget, chargedPicoUsd: "200", overrunPicoUsd: "0" },
      ],
      endedAtMs: 1_800_000_009_000,
    });
  });

  it("charges operations besides chat by the measure that the list names", () => {
    const perPicture = { ...tokenPrices, lines: [{ meter: "images" as const, unitPricePicoUsd: "40" }] };
    const usage = { images: 2, input: 12, image_output: 400 };
    const pictures = open(perPicture);
    const attempt = { ...pictures, hold: { ...pictures.hold, operation: "images" as const } };
    expect(close({ usage }, attempt)).toMatchObject({
      costPicoUsd: "80",
      usage,
      lines: [{ meter: "images", quantity: 2, amountPicoUsd: "80" }],
    });
    expect(close({ usage: { characters: 9 } }, attempt)).toMatchObject({ costPicoUsd: "500", lines: [] });
    expect(close({ usage: { images: 2 } }, pictures)).toMatchObject({ costPicoUsd: "80" });
  });

  it("keeps what was billed beyond the hold apart", () => {
    expect(close({ usage: { input: 90, output: 60 } })).toMatchObject({
      costPicoUsd: "690",
      quotas: [
        { chargedPicoUsd: "500", overrunPicoUsd: "190" },
        { chargedPicoUsd: "500", overrunPicoUsd: "190" },
      ],
    });
  });

  it("voids only what surely was not billed", () => {
    const refused = {
      mayBeBilled: false,
      usage: null,
      usageSource: "none",
      verdict: "errored",
      upstreamStatus: 429,
    } as const;
    expect(close(refused)).toMatchObject({
      closing: "void",
      costPicoUsd: "0",
      usage: {},
      usageSource: "none",
      lines: [],
      quotas: [{ chargedPicoUsd: "0", overrunPicoUsd: "0" }, { chargedPicoUsd: "0" }],
    });
  });

  it("settles at the hold where the provider told no usage", () => {
    expect(close({ usage: null, usageSource: "none", verdict: "truncated" })).toMatchObject({
      closing: "settle",
      costPicoUsd: "500",
      usageSource: "upper_bound",
      lines: [],
      quotas: [{ chargedPicoUsd: "500" }, { chargedPicoUsd: "500" }],
    });
  });

  it("settles at an estimate where there is one", () => {
    expect(close({ usage: { input: 10 }, usageSource: "estimate" })).toMatchObject({
      costPicoUsd: "10",
      usageSource: "estimate",
    });
  });

  it("adds the fee per request where the model has one, once", () => {
    expect(close({}, open(flatFee))).toMatchObject({
      costPicoUsd: "500",
      usage: { input: 90, output: 11, requests: 1 },
      lines: [{ meter: "input", amountPicoUsd: "0" }, { meter: "output" }, { meter: "requests", amountPicoUsd: "500" }],
    });
    expect(close({ usage: { requests: 4 } }, open(flatFee))).toMatchObject({
      costPicoUsd: "500",
      usage: { requests: 1 },
    });
  });

  it("knows the cost of a flat fee without any usage", () => {
    expect(close({ usage: null, usageSource: "none" }, open(flatFee))).toMatchObject({
      costPicoUsd: "500",
      lines: [{ meter: "requests", quantity: 1, amountPicoUsd: "500" }],
    });
  });

  it.each([
    ["a negative quantity", { input: -1 }],
    ["a fraction", { output: 0.5 }],
    ["not a number", { input: Number.NaN }],
    ["more than any attempt can cost", { output: Number.MAX_SAFE_INTEGER, input: Number.MAX_SAFE_INTEGER }],
    ["a meter without a price", { input: 1, audio_seconds: 3 }],
  ])("settles at the hold on %s", (_name, usage) => {
    const dear = {
      ...tokenPrices,
      lines: tokenPrices.lines.map((line) => ({ ...line, unitPricePicoUsd: "999999999999999999" })),
    };
    const prices = "input" in usage && usage.input === Number.MAX_SAFE_INTEGER ? dear : tokenPrices;
    expect(close({ usage }, open(prices))).toMatchObject({ costPicoUsd: "500", usageSource: "upper_bound", lines: [] });
  });

  it("keeps no quantity that is none", () => {
    expect(close({ usage: { input: -1, output: 5 } }).usage).toEqual({});
  });

  it("costs nothing, and says what was used, where the model has no price", () => {
    const unpriced = {
      ...open(null),
      hold: holdRecord("a1", { holdPicoUsd: "0", priceVersionId: null }),
      holdPicoUsd: 0n,
    };
    expect(close({}, unpriced)).toMatchObject({
      closing: "settle",
      costPicoUsd: "0",
      usage: { input: 90, output: 11 },
      usageSource: "provider_final",
      lines: [],
    });
  });

  it("never charges a lease more than was held of it, and explains every pico-dollar", () => {
    const usage = fc.record({ input: fc.nat(5_000), output: fc.nat(5_000) });
    fc.assert(
      fc.property(fc.option(usage), fc.boolean(), (used, mayBeBilled) => {
        const record = close({ usage: used, mayBeBilled });
        const cost = BigInt(record.costPicoUsd);
        for (const { heldPicoUsd, chargedPicoUsd, overrunPicoUsd } of record.quotas) {
          expect(BigInt(chargedPicoUsd)).toBeLessThanOrEqual(BigInt(heldPicoUsd));
          expect(BigInt(chargedPicoUsd) + BigInt(overrunPicoUsd)).toBe(cost);
        }
        const explained = record.lines.reduce((sum, { amountPicoUsd }) => sum + BigInt(amountPicoUsd), 0n);
        expect(record.closing === "void" || record.usageSource === "upper_bound" ? 0n : cost).toBe(explained);
      }),
    );
  });
});

describe("an attempt whose process is gone", () => {
  it("is settled at its hold", () => {
    expect(closeLostAttempt(open().hold, 5, true)).toMatchObject({
      closing: "settle",
      failureClass: "process_lost",
      usageSource: "upper_bound",
      costPicoUsd: "500",
      quotas: [{ chargedPicoUsd: "500" }, { chargedPicoUsd: "500" }],
    });
  });

  it("is charged with what was held for the fee, once for its request", () => {
    const fee = { feeId: "fee", perRequestPicoUsd: "50", shareOfCostPpm: 100_000, heldPicoUsd: "90" };
    const hold = { ...open().hold, holdPicoUsd: "490", fee };
    const first = closeLostAttempt(hold, 5, true);
    expect(first).toMatchObject({ costPicoUsd: "490", lines: [{ meter: "gateway_fee", amountPicoUsd: "90" }] });
    expect(closeLostAttempt(hold, 5, false)).toMatchObject({ costPicoUsd: "440", lines: [{ amountPicoUsd: "40" }] });
  });

  it("is voided if it was never sent", () => {
    expect(closeUnsentAttempt(open().hold, 5)).toMatchObject({
      closing: "void",
      usageSource: "none",
      costPicoUsd: "0",
      quotas: [{ chargedPicoUsd: "0" }, { chargedPicoUsd: "0" }],
    });
  });
});
