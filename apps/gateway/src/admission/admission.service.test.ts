import type { GatewayFee } from "@switchyard/metering/gateway-fee";
import { picoUsd } from "@switchyard/metering/pico-usd";
import type { Quota, QuotaScopeType } from "@switchyard/metering/quota";
import { describe, expect, it } from "vitest";
import {
  attemptOf,
  callOf,
  cent,
  centPerRequest,
  connectionIdOf,
  policyWith,
  prices,
  quota,
  tokenPrices,
} from "../../test/admission/money-fixture.ts";
import { startMoneyStage } from "../../test/admission/money-stage.ts";

const perMinute = { unit: "requests", period: "minute" } as const;
const inFlight = { unit: "concurrent_requests", period: "concurrent" } as const;

describe("rate limits", () => {
  it("count the call in every scope that it is in", async () => {
    const scopes: [QuotaScopeType, string][] = [
      ["organisation", "org_1"],
      ["team", "team_1"],
      ["project", "prj_1"],
      ["virtual_key", "vk_key"],
      ["user", "ada"],
      ["session", "s-1"],
      ["tag", "env=prod"],
      ["tag", "feature=search"],
      ["route", "rt_fast"],
    ];
    const quotas = scopes.map(([scopeType, scopeId], index) =>
      quota(`q${index}`, 5n, { ...perMinute, scopeType, scopeId }),
    );
    const others = [
      quota("other user", 0n, { ...perMinute, scopeType: "user", scopeId: "bob" }),
      quota("other tag", 0n, { ...perMinute, scopeType: "tag", scopeId: "env=test" }),
      quota("soft", 0n, { ...perMinute, mode: "soft" }),
    ];
    const { admission, database, policy } = startMoneyStage([...quotas, ...others]);
    for (let call = 0; call < 5; call += 1) await admission.admit(callOf(policy));
    for (const { quotaId } of quotas) expect(database.committed(quotaId)).toBe(5n);
    await expect(async () => admission.admit(callOf(policy))).rejects.toMatchObject({
      code: "rate_limit_exceeded",
      retryAfterSeconds: 60,
    });
  });

  it("admit at once what this process owns", async () => {
    const { admission, policy } = startMoneyStage([quota("limit", 100n, perMinute)]);
    await admission.admit(callOf(policy));
    expect(admission.admit(callOf(policy))).not.toBeInstanceOf(Promise);
  });

  it("give the place of a call in flight back when it is finished, once", async () => {
    const { admission, policy } = startMoneyStage([quota("limit", 1n, inFlight)]);
    const call = await admission.admit(callOf(policy));
    await expect(async () => admission.admit(callOf(policy))).rejects.toMatchObject({
      code: "concurrency_limit_exceeded",
      retryAfterSeconds: 1,
    });
    call.finish(0);
    expect(() => call.finish(0)).toThrow("finished before");
    expect(admission.admit(callOf(policy))).not.toBeInstanceOf(Promise);
  });

  it("count tokens as expected while a call is under way, and as used when it is finished", async () => {
    const { admission, leases, policy } = startMoneyStage([
      quota("limit", 1_000n, { unit: "tokens", period: "minute" }),
    ]);
    const [limit] = policy.revision.quotas;
    if (limit === undefined) throw new Error("no quota");
    // 100 bytes are about 25 tokens, and 20 were asked for.
    const call = await admission.admit(callOf(policy));
    expect(leases.knowledgeOf(limit)?.remaining).toBe(955n);
    call.finish(200);
    expect(leases.knowledgeOf(limit)?.remaining).toBe(800n);
    (await admission.admit(callOf(policy))).finish(5);
    expect(leases.knowledgeOf(limit)?.remaining).toBe(795n);
  });

  it("let a call through that is larger than a whole minute, when the minute is unused", async () => {
    const { admission, policy } = startMoneyStage([quota("limit", 50n, { unit: "tokens", period: "minute" })]);
    const large = callOf(policy, { inputTokensAtMost: 4_000 });
    (await admission.admit(large)).finish(1_000);
    await expect(async () => admission.admit(large)).rejects.toMatchObject({ code: "rate_limit_exceeded" });
  });

  it("are told in headers as OpenAI does, the tightest of each kind", async () => {
    const { admission, policy, database } = startMoneyStage([
      quota("wide", 500n, perMinute),
      quota("tight", 60n, { ...perMinute, scopeType: "project", scopeId: "prj_1" }),
      quota("tokens", 90_000n, { unit: "tokens", period: "minute" }),
      quota("in flight", 5n, inFlight),
    ]);
    database.nowMs += 20_000;
    const call = await admission.admit(callOf(policy));
    expect(call.rateLimitHeaders()).toEqual({
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "40s",
      "x-ratelimit-limit-tokens": "90000",
      "x-ratelimit-remaining-tokens": "89955",
      "x-ratelimit-reset-tokens": "40s",
    });
  });

  it("are absent from the headers where there are none", async () => {
    const { admission, policy } = startMoneyStage([]);
    const call = await admission.admit(callOf(policy));
    expect(call.rateLimitHeaders()).toEqual({});
    call.finish(10);
  });
});

describe("a budget for each user", () => {
  const each = quota("daily", 2n * cent, { name: "Daily", eachOf: "user", scopeType: "project", scopeId: "prj_1" });

  it("is counted for each of them, and is named with the user where it refuses", async () => {
    const { admission, database, policy, journal } = startMoneyStage([each]);
    for (const member of ["ada", "bob", ""]) {
      database.quotas.set(`daily~${member}`, { limit: 2n * cent, periodMs: null });
    }
    const hold = async (user: string | null, attempt: string) => {
      const { attribution } = callOf(policy);
      const call = await admission.admit(callOf(policy, { attribution: { ...attribution, user } }));
      return call.holdAttempt(attemptOf(policy, { prices: centPerRequest }, attempt));
    };
    for (const [index, user] of ["ada", "ada", "bob", null].entries()) await hold(user, `a${index}`);
    expect(
      journal.records.flatMap((record) => ("quotas" in record ? record.quotas : [])).map(({ quotaId }) => quotaId),
    ).toEqual(["daily~ada", "daily~ada", "daily~bob", "daily~"]);
    await expect(hold("ada", "a5")).rejects.toMatchObject({
      code: "budget_exceeded",
      message: 'The budget "Daily, user ada" does not cover this call.',
    });
  });
});

describe("a copy of a call for a shadow", () => {
  it("is held from the budgets of the call and its own cap, takes none of its rate limits, and pays no fee", async () => {
    const team = quota("team", 100n * cent);
    const cap = quota("cap of copies", 2n * cent, { scopeType: "tag", scopeId: "shadow=fast" });
    const calls = quota("calls", 1n, perMinute);
    const fee = {
      feeId: "fee",
      scopeType: "organisation",
      scopeId: "org_1",
      perRequestPicoUsd: "5",
      shareOfCostPpm: 0,
    };
    const { admission, policy } = startMoneyStage([team, cap, calls], [fee as GatewayFee]);
    const call = await admission.admit(callOf(policy));
    const copy = call.forShadow();
    const attempt = (id: string) => ({ ...attemptOf(policy, { prices: centPerRequest }, id), role: "shadow" as const });
    const { hold } = await copy.holdAttempt(attempt("a1"));
    expect(hold).toMatchObject({ role: "shadow", holdPicoUsd: cent.toString() });
    expect(hold.fee).toBeUndefined();
    expect(hold.quotas.map(({ quotaId }) => quotaId)).toEqual(["team", "cap of copies"]);
    expect(hold.attribution.tags).toEqual(["env=prod", "feature=search", "shadow=fast"]);
    copy.finish(0);
    await call.forShadow().holdAttempt(attempt("a2"));
    await expect(call.forShadow().holdAttempt(attempt("a3"))).rejects.toMatchObject({ code: "budget_exceeded" });
    // What copies have used up is no reason to refuse the call itself.
    await call.holdAttempt(attemptOf(policy, { prices: centPerRequest }, "a4"));
  });
});

describe("a hold", () => {
  it("is the worst case of the attempt, on every budget in scope, and is written down", async () => {
    const team = quota("team", 100_000n);
    const tag = quota("tag", 100_000n, { scopeType: "tag", scopeId: "env=prod" });
    const watched = quota("watched", 1n, { mode: "soft", scopeType: "user", scopeId: "ada" });
    const { admission, journal, policy, openAttempts, database } = startMoneyStage([team, tag, watched]);
    const call = await admission.admit(callOf(policy, { answers: 2 }));
    const { hold, outputTokensCap } = await call.holdAttempt(attemptOf(policy, { prices: tokenPrices }));
    // 100 input tokens at 1, and 2 answers of 20 at 10.
    expect(hold).toMatchObject({ type: "hold", holdPicoUsd: "500", priceVersionId: "p1", policyRevision: 7 });
    expect(outputTokensCap).toBe(20);
    expect(hold.quotas).toEqual([
      { quotaId: "team", windowStartMs: 0, leaseId: expect.any(String), heldPicoUsd: "500" },
      { quotaId: "tag", windowStartMs: 0, leaseId: expect.any(String), heldPicoUsd: "500" },
      { quotaId: "watched", windowStartMs: 0, leaseId: null, heldPicoUsd: "500" },
    ]);
    expect(journal.records).toEqual([hold]);
    expect(openAttempts.count).toBe(1);
    expect(database.committed("team")).toBeGreaterThanOrEqual(500n);
  });

  it("counts budgets of the connection, which is known only now", async () => {
    const connectionId = connectionIdOf(policyWith([]));
    const { admission, policy } = startMoneyStage([
      quota("of the connection", 400n, { scopeType: "connection", scopeId: connectionId }),
      quota("its calls in flight", 1n, { ...inFlight, scopeType: "connection", scopeId: connectionId }),
    ]);
    const call = await admission.admit(callOf(policy));
    await expect(call.holdAttempt(attemptOf(policy, { prices: centPerRequest }))).rejects.toMatchObject({
      code: "budget_exceeded",
    });
    await call.holdAttempt(attemptOf(policy, { prices: tokenPrices }, "a1"));
    const second = await admission.admit(callOf(policy));
    await expect(
      second.holdAttempt(attemptOf(policy, { prices: prices([], { free: true }) }, "a2")),
    ).rejects.toMatchObject({ code: "upstream_rate_limited", limitName: "its calls in flight", retryAfterSeconds: 1 });
  });

  it.each([
    ["what the client asked", { outputTokensAsked: 7 }, {}, 7],
    ["the model's maximum where less than asked", { outputTokensAsked: 1_000_000_000 }, { maxOutputTokens: 300 }, 300],
    ["the model's maximum where nothing was asked", { outputTokensAsked: null }, { maxOutputTokens: 300 }, 300],
    [
      "4,096 where nobody names one",
      { outputTokensAsked: null },
      { maxOutputTokens: null, contextWindow: null },
      4_096,
    ],
    [
      "the context window where that is smaller",
      { outputTokensAsked: null },
      { maxOutputTokens: null, contextWindow: 900 },
      900,
    ],
  ])("caps the output at %s", async (_name, asked, model, cap) => {
    const { admission, policy } = startMoneyStage([quota("budget", 1_000_000n)]);
    const call = await admission.admit(callOf(policy, asked));
    const held = await call.holdAttempt(attemptOf(policy, { prices: tokenPrices, ...model }));
    expect(held.outputTokensCap).toBe(cap);
  });

  it.each([
    ["no budget is hard", [quota("soft", 1n, { mode: "soft" })], tokenPrices],
    ["there is no budget", [], tokenPrices],
    ["only requests have a price", [quota("budget", 10n * cent)], centPerRequest],
    ["the model is free", [quota("budget", 10n * cent)], prices([], { free: true })],
  ])("leaves the output uncapped where %s", async (_name, quotas, of) => {
    const { admission, policy } = startMoneyStage(quotas);
    const call = await admission.admit(callOf(policy));
    const held = await call.holdAttempt(attemptOf(policy, { prices: of }));
    expect(held.outputTokensCap).toBeNull();
  });

  it("cuts the output to what the attempt may cost, without any budget", async () => {
    const { admission, policy } = startMoneyStage([]);
    const call = await admission.admit(callOf(policy));
    const attempt = attemptOf(policy, { prices: tokenPrices });
    const unbounded = await call.holdAttempt(attempt);
    const ceiling = picoUsd(BigInt(unbounded.hold.holdPicoUsd) - 1n);
    const held = await call.holdAttempt({ ...attempt, attemptId: "attempt-2", costCeilingPicoUsd: ceiling });
    expect(held.outputTokensCap).toBeGreaterThan(0);
    expect(BigInt(held.hold.holdPicoUsd)).toBeLessThanOrEqual(ceiling);
  });

  it("has no output to cap on embeddings", async () => {
    const { admission, policy } = startMoneyStage([quota("budget", 1_000n)]);
    const call = await admission.admit(callOf(policy, { operation: "embeddings", outputTokensAsked: null }));
    const inputOnly = prices([{ meter: "input", unitPricePicoUsd: "3" }]);
    const held = await call.holdAttempt(attemptOf(policy, { prices: inputOnly }));
    expect(held).toMatchObject({ outputTokensCap: null, hold: { holdPicoUsd: "300" } });
  });

  it("is bounded by pictures, seconds or characters where the list prices those", async () => {
    const { admission, policy } = startMoneyStage([quota("budget", 1_000n)]);
    const pictures = { operation: "images", unitsAtMost: { images: 3 } } as const;
    const call = await admission.admit(callOf(policy, pictures));
    const perPicture = prices([{ meter: "images", unitPricePicoUsd: "40" }]);
    const held = await call.holdAttempt(attemptOf(policy, { prices: perPicture }));
    expect(held).toMatchObject({ outputTokensCap: null, hold: { holdPicoUsd: "120" } });
    const perCharacter = prices([{ meter: "characters", unitPricePicoUsd: "40" }]);
    await expect(call.holdAttempt(attemptOf(policy, { prices: perCharacter }))).rejects.toMatchObject({
      code: "model_not_priced",
    });
  });

  it("is refused where the budget does not cover it", async () => {
    const { admission, policy, journal, openAttempts, exposed } = startMoneyStage([quota("budget", 299n)]);
    const call = await admission.admit(callOf(policy));
    await expect(call.holdAttempt(attemptOf(policy, { prices: tokenPrices }))).rejects.toMatchObject({
      code: "budget_exceeded",
      message: expect.stringContaining("budget"),
    });
    expect(journal.records).toEqual([]);
    expect(openAttempts.count).toBe(0);
    const metrics = await exposed.exposition();
    expect(metrics).toContain('switchyard_quota_refusals_total{code="budget_exceeded"} 1');
    expect(metrics).toContain('switchyard_lease_refills_total{result="exhausted"} 1');
  });

  it.each([
    // 100 for the input, 10 a token of output
    [299n, 19],
    [110n, 1],
  ])("is lowered to what a budget of %d covers, where the budget says so", async (limit, cap) => {
    const { admission, policy } = startMoneyStage([quota("budget", limit, { whenShort: "clamp" })]);
    const call = await admission.admit(callOf(policy));
    const held = await call.holdAttempt(attemptOf(policy, { prices: tokenPrices }));
    expect(held.outputTokensCap).toBe(cap);
    expect(held.hold.holdPicoUsd).toBe((100 + 10 * cap).toString());
  });

  it.each([
    ["not one token of output fits", 109n, "clamp", tokenPrices],
    ["another budget in scope wants a refusal", 299n, "refuse", tokenPrices],
    ["a lower cap would not make it cheaper", cent - 1n, "clamp", centPerRequest],
  ] as const)("is refused all the same where %s", async (_name, limit, whenShort, of) => {
    const wide: Quota = quota("wide", 10n * cent, { whenShort: "clamp", scopeType: "project", scopeId: "prj_1" });
    const { admission, policy } = startMoneyStage([wide, quota("budget", limit, { whenShort })]);
    const call = await admission.admit(callOf(policy));
    await expect(call.holdAttempt(attemptOf(policy, { prices: of }))).rejects.toMatchObject({
      code: "budget_exceeded",
    });
  });

  it("admits exactly as many clamped calls as the budget can pay for", async () => {
    const { admission, policy, database } = startMoneyStage([quota("budget", 1_000n, { whenShort: "clamp" })]);
    const hold = async (index: number) => {
      const call = await admission.admit(callOf(policy));
      return call.holdAttempt(attemptOf(policy, { prices: tokenPrices }, `a${index}`));
    };
    const held = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => hold(index)));
    const sum = held
      .filter((result) => result.status === "fulfilled")
      .reduce((total, { value }) => total + BigInt(value.hold.holdPicoUsd), 0n);
    expect(sum).toBeLessThanOrEqual(1_000n);
    // Three full ones of 300 leave 100: less than the input and one token of a fourth.
    expect(held.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect(database.committed("budget")).toBe(1_000n);
  });

  it.each([
    ["no price at all", []],
    ["a version without lines", prices([])],
    ["no price of output", prices([{ meter: "input", unitPricePicoUsd: "1" }])],
    [
      "a price of another connection only",
      prices([{ meter: "input", unitPricePicoUsd: "1" }], { connectionId: "other" }),
    ],
  ])("is refused for a model with %s, where a hard budget applies", async (_name, of) => {
    const { admission, policy } = startMoneyStage([quota("budget", 10n * cent)]);
    const call = await admission.admit(callOf(policy));
    await expect(call.holdAttempt(attemptOf(policy, { prices: of }))).rejects.toMatchObject({
      code: "model_not_priced",
    });
  });

  it("is nothing for an unpriced model where no hard budget applies", async () => {
    const { admission, policy } = startMoneyStage([quota("soft", 5n, { mode: "soft" })]);
    const call = await admission.admit(callOf(policy));
    const held = await call.holdAttempt(attemptOf(policy, { prices: [] }));
    expect(held.hold).toMatchObject({ holdPicoUsd: "0", priceVersionId: null });
  });

  it("is refused as our trouble while the journal cannot be written, and nothing stays held", async () => {
    const budget = quota("budget", 10n * cent);
    const { admission, policy, journal, leases, openAttempts } = startMoneyStage([budget]);
    const call = await admission.admit(callOf(policy));
    const attempt = attemptOf(policy, { prices: centPerRequest });
    journal.failure = new Error("ENOSPC");
    await expect(call.holdAttempt(attempt)).rejects.toMatchObject({
      code: "journal_unavailable",
      retryAfterSeconds: 5,
    });
    expect(leases.knowledgeOf(budget)?.remaining).toBe(10n * cent);
    expect(openAttempts.count).toBe(0);
    journal.failure = null;
    journal.isWritable = false;
    await expect(call.holdAttempt(attempt)).rejects.toMatchObject({ code: "journal_unavailable" });
    journal.isWritable = true;
    await expect(call.holdAttempt(attempt)).resolves.toMatchObject({ hold: { holdPicoUsd: cent.toString() } });
  });

  it("is refused as our trouble while nobody can count the money", async () => {
    const { admission, policy, reachability } = startMoneyStage([quota("budget", 10n * cent)]);
    const call = await admission.admit(callOf(policy));
    reachability.reportFailure();
    await expect(call.holdAttempt(attemptOf(policy, { prices: centPerRequest }))).rejects.toMatchObject({
      code: "budget_unavailable",
      retryAfterSeconds: 5,
    });
  });
});
