import { describe, expect, it, onTestFinished } from "vitest";
import {
  attemptOf,
  callOf,
  cent,
  centPerRequest,
  connectionIdOf,
  policyWith,
  quota,
  tokenPrices,
} from "../../test/admission/money-fixture.ts";
import { startMoneyStage } from "../../test/admission/money-stage.ts";
import { requestRecord } from "../../test/settlement/usage-records.ts";
import type { AttemptOutcome } from "../admission/admission.ts";
import { AttemptCloser } from "./attempt-closer.ts";

const answered: AttemptOutcome = {
  verdict: "complete",
  failureClass: null,
  upstreamStatus: 200,
  timeToFirstTokenMs: null,
  usageSource: "provider_final",
  usage: { input: 40, output: 6 },
  mayBeBilled: true,
  serviceTier: null,
};

function startStage(...of: Parameters<typeof startMoneyStage>) {
  const stage = startMoneyStage(...of);
  const closer = new AttemptCloser(stage.openAttempts, stage.leases, stage.journal);
  onTestFinished(() => expect(stage.openAttempts.count).toBe(0));
  return { ...stage, closer };
}

describe("settling an attempt", () => {
  it("gives back what the hold did not need, for the next call to use", async () => {
    const budget = quota("budget", 300n);
    const { admission, closer, leases, policy, journal } = startStage([budget]);
    const call = await admission.admit(callOf(policy));
    const held = await call.holdAttempt(attemptOf(policy, { prices: tokenPrices }));
    expect(leases.knowledgeOf(budget)?.remaining).toBe(0n);
    const record = closer.settle(held, answered);
    expect(record).toMatchObject({ costPicoUsd: "100", closing: "settle" });
    expect(leases.knowledgeOf(budget)?.remaining).toBe(200n);
    expect(journal.records).toEqual([held.hold, record]);
  });

  it("charges the gateway's fee beside the provider's cost, its amount for each request once", async () => {
    const budget = quota("budget", 2_000n);
    const fee = { feeId: "fee", scopeType: "project", perRequestPicoUsd: "7", shareOfCostPpm: 100_000 } as const;
    const { admission, closer, leases, policy } = startStage([budget], [{ ...fee, scopeId: "prj_1" }]);
    const call = await admission.admit(callOf(policy));
    const attempt = (id: string) => call.holdAttempt(attemptOf(policy, { prices: tokenPrices }, id));
    const [unbilled, first, retry] = [await attempt("a1"), await attempt("a2"), await attempt("a3")];
    expect(first.hold).toMatchObject({ holdPicoUsd: "337", fee: { feeId: "fee", heldPicoUsd: "37" } });
    expect(closer.settle(unbilled, { ...answered, mayBeBilled: false })).toMatchObject({ costPicoUsd: "0", lines: [] });
    const charged = closer.settle(first, answered);
    expect(charged).toMatchObject({ costPicoUsd: "117", quotas: [{ chargedPicoUsd: "117", overrunPicoUsd: "0" }] });
    expect(charged.lines.at(-1)).toEqual({
      meter: "gateway_fee",
      quantity: 1,
      unitPricePicoUsd: "17",
      amountPicoUsd: "17",
    });
    expect(closer.settle(retry, answered)).toMatchObject({ costPicoUsd: "110" });
    const later = await attempt("a4");
    expect(later.hold).toMatchObject({ holdPicoUsd: "330", fee: { perRequestPicoUsd: "0" } });
    expect(leases.knowledgeOf(budget)?.remaining).toBe(2_000n - 117n - 110n - 330n);
    closer.settle(later, answered);
  });

  it("closes each attempt once: a second time is a bug and says so", async () => {
    const { admission, closer, leases, policy, journal } = startStage([quota("budget", 1_000n)]);
    const [budget] = policy.revision.quotas;
    const call = await admission.admit(callOf(policy));
    const held = await call.holdAttempt(attemptOf(policy, { prices: tokenPrices }));
    closer.settle(held, answered);
    expect(() => closer.settle(held, { ...answered, mayBeBilled: false })).toThrow("closed before");
    expect(journal.records).toHaveLength(2);
    expect(budget === undefined ? null : leases.knowledgeOf(budget)?.remaining).toBe(900n);
  });

  it("gives all of a voided hold back", async () => {
    const budget = quota("budget", cent);
    const { admission, closer, policy } = startStage([budget]);
    for (let retry = 0; retry < 3; retry += 1) {
      const call = await admission.admit(callOf(policy));
      const held = await call.holdAttempt(attemptOf(policy, { prices: centPerRequest }, `a${retry}`));
      expect(closer.settle(held, { ...answered, mayBeBilled: false, usage: null })).toMatchObject({ closing: "void" });
    }
  });

  it("spends no more of a lease than was held when the provider billed more", async () => {
    const budget = quota("budget", 1_000n);
    const { admission, closer, leases, policy } = startStage([budget]);
    const call = await admission.admit(callOf(policy));
    const held = await call.holdAttempt(attemptOf(policy, { prices: tokenPrices }));
    const record = closer.settle(held, { ...answered, usage: { input: 40, output: 600 } });
    expect(record.quotas).toMatchObject([{ chargedPicoUsd: "300", overrunPicoUsd: "5740" }]);
    expect(leases.knowledgeOf(budget)?.remaining).toBe(700n);
  });

  it("ends what the attempt held of its connection's own limits", async () => {
    const connectionId = connectionIdOf(policyWith([]));
    const scope = { scopeType: "connection", scopeId: connectionId } as const;
    const tokens = quota("tokens", 1_000n, { unit: "tokens", period: "minute", ...scope });
    const inFlight = quota("in flight", 1n, { unit: "concurrent_requests", period: "concurrent", ...scope });
    const { admission, closer, leases, policy } = startStage([tokens, inFlight]);
    const call = await admission.admit(callOf(policy));
    const held = await call.holdAttempt(attemptOf(policy, { prices: tokenPrices }));
    expect(leases.knowledgeOf(inFlight)?.remaining).toBe(0n);
    closer.settle(held, answered);
    expect(leases.knowledgeOf(inFlight)?.remaining).toBe(1n);
    expect(leases.knowledgeOf(tokens)?.remaining).toBe(954n);
  });

  it("writes the close down before the rest of the hold can be spent", async () => {
    const budget = quota("budget", 300n);
    const { admission, closer, policy, journal } = startStage([budget]);
    const first = await admission.admit(callOf(policy));
    const held = await first.holdAttempt(attemptOf(policy, { prices: tokenPrices }, "a1"));
    const second = await admission.admit(callOf(policy, { outputTokensAsked: 5 }));
    closer.settle(held, answered);
    const next = await second.holdAttempt(attemptOf(policy, { prices: tokenPrices }, "a2"));
    closer.settle(next, answered);
    const names = journal.records.map((record) => `${record.type} ${"attemptId" in record ? record.attemptId : ""}`);
    expect(names).toEqual(["hold a1", "attempt a1", "hold a2", "attempt a2"]);
  });

  it("writes down how a request ended", async () => {
    const { closer, journal } = startStage([]);
    closer.recordRequest(requestRecord("r1"));
    expect(journal.records).toEqual([requestRecord("r1")]);
  });
});
