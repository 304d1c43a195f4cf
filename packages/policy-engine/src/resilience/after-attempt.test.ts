import type { FailureClass } from "@switchyard/metering/usage-event";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultRouteTimeouts } from "../policy/route.ts";
import type { PlannedAttempt } from "../routing/plan-route.ts";
import { ConnectionHealth } from "../health/connection-health.ts";
import type { AfterFailure } from "./after-failure.ts";
import { afterAttempt, type FailedAttempt } from "./after-attempt.ts";
import { fewestRetries } from "./retry-budget.ts";

function planned(suffix: string, changes: Partial<PlannedAttempt> = {}): PlannedAttempt {
  return {
    targetId: `t${suffix}`,
    connectionId: `c${suffix}`,
    modelId: `m${suffix}`,
    routeId: "r",
    role: "fallback",
    timeouts: defaultRouteTimeouts,
    contextWindow: 100_000,
    label: `openai-${suffix} / gpt`,
    ...changes,
  };
}

function failed(failure: FailureClass, changes: Partial<FailedAttempt> = {}): FailedAttempt {
  return {
    failure,
    firstByteSent: false,
    attempt: planned("1"),
    credentialId: "credential",
    hasOtherCredential: false,
    attemptsMade: 1,
    maxAttempts: 3,
    remaining: [planned("2"), planned("3")],
    health: { connections: new Map(), nowMs: 0 },
    ...changes,
  };
}

const failures = [
  "connect",
  "timeout",
  "rate_limited",
  "overloaded",
  "server_error",
  "credential_rejected",
  "credit_exhausted",
  "model_not_found",
  "context_length_exceeded",
  "content_filtered",
  "invalid_request",
  "malformed_response",
  "truncated",
  "invalid_answer",
  "answer_too_long",
  "client_cancelled",
  "process_lost",
] as const satisfies readonly FailureClass[];
// Fails to compile when a class is added and not listed above.
const listsEveryClass: Exclude<FailureClass, (typeof failures)[number]> extends never ? true : never = true;

describe("afterAttempt", () => {
  test.each<[FailureClass, string, number | null]>([
    ["connect", "next-target", null],
    ["timeout", "next-target", null],
    ["rate_limited", "next-target", null],
    ["overloaded", "next-target", null],
    ["server_error", "next-target", null],
    ["malformed_response", "next-target", null],
    ["truncated", "next-target", null],
    ["credential_rejected", "next-target", 60_000],
    ["credit_exhausted", "next-target", 300_000],
    ["model_not_found", "next-target", null],
    ["context_length_exceeded", "stop", null],
    ["content_filtered", "stop", null],
    ["invalid_request", "stop", null],
    ["client_cancelled", "stop", null],
    ["process_lost", "stop", null],
  ])("answers %s with %s and sets its credential aside for %s ms", (failure, next, forMs) => {
    const step = afterAttempt(failed(failure));
    expect(step.next).toBe(next);
    expect(step.setAside).toEqual(forMs === null ? null : { credentialId: "credential", forMs });
    expect(listsEveryClass).toBe(true);
  });

  test("says in a sentence what happened and what follows", () => {
    const text = (step: ReturnType<typeof afterAttempt>): string => step.because.text;
    expect(text(afterAttempt(failed("overloaded")))).toBe("openai-1 / gpt is overloaded; trying openai-2 / gpt.");
    expect(text(afterAttempt({ ...failed("server_error"), upstreamStatus: 502, tookMs: 1_234 }))).toBe(
      "openai-1 / gpt failed (status 502, after 1.2 s); trying openai-2 / gpt.",
    );
    expect(text(afterAttempt(failed("overloaded", { remaining: [] })))).toBe(
      "openai-1 / gpt is overloaded; stopped, because no other target is left that could answer.",
    );
    expect(text(afterAttempt(failed("overloaded", { firstByteSent: true })))).toBe(
      "openai-1 / gpt is overloaded; stopped, because the client already has part of this answer.",
    );
    expect(text(afterAttempt(failed("invalid_request")))).toBe(
      "openai-1 / gpt rejected the request; stopped, because another target would be no remedy.",
    );
  });

  test.each(failures)("stops after %s once the client has a byte, or the last attempt is spent", (failure) => {
    expect(afterAttempt(failed(failure, { firstByteSent: true })).next).toBe("stop");
    expect(afterAttempt(failed(failure, { attemptsMade: 3 })).next).toBe("stop");
    expect(afterAttempt(failed(failure, { remaining: [] })).next).toBe("stop");
  });

  test("sets aside even where it stops, for the calls that come after", () => {
    expect(afterAttempt(failed("credit_exhausted", { firstByteSent: true })).setAside).not.toBeNull();
  });

  test("leaves a connection that cannot be reached", () => {
    const remaining = [planned("1", { targetId: "other model" }), planned("3")];
    expect(afterAttempt(failed("connect", { remaining }))).toMatchObject({ next: "next-target", index: 1 });
    expect(afterAttempt(failed("connect", { remaining: remaining.slice(0, 1) })).next).toBe("stop");
    expect(afterAttempt(failed("server_error", { remaining }))).toMatchObject({ next: "next-target", index: 0 });
  });

  test("stays at a connection whose credential failed only if it has another", () => {
    const remaining = [planned("1", { targetId: "other model" }), planned("3")];
    expect(afterAttempt(failed("credential_rejected", { remaining }))).toMatchObject({ index: 1 });
    expect(afterAttempt(failed("credential_rejected", { remaining, hasOtherCredential: true }))).toMatchObject({
      index: 0,
    });
    expect(afterAttempt(failed("credential_rejected", { credentialId: null })).setAside).toBeNull();
  });

  test("takes a request that is too long only to a larger window", () => {
    const windows = [100_000, null, 50_000, 200_000].map((contextWindow, index) =>
      planned(String(index), { contextWindow }),
    );
    expect(afterAttempt(failed("context_length_exceeded", { remaining: windows }))).toMatchObject({ index: 3 });
    const larger = [120_000, 400_000, 200_000].map((contextWindow, index) => planned(String(index), { contextWindow }));
    expect(afterAttempt(failed("context_length_exceeded", { remaining: larger }))).toMatchObject({ index: 0 });
    const last = { remaining: larger, attemptsMade: 2 };
    expect(afterAttempt(failed("context_length_exceeded", last)), "the last attempt").toMatchObject({ index: 1 });
    expect(afterAttempt(failed("context_length_exceeded", { remaining: windows.slice(0, 3) })).next).toBe("stop");
    const attempt = planned("1", { contextWindow: null });
    expect(afterAttempt(failed("context_length_exceeded", { remaining: windows, attempt })).next).toBe("stop");
  });

  describe("where the route has a rule of its own", () => {
    test.each<[FailureClass, AfterFailure, string]>([
      ["overloaded", { overload: "stop" }, "an overloaded target"],
      ["rate_limited", { overload: "stop" }, "an overloaded target"],
      ["connect", { outage: "stop" }, "an outage"],
      ["timeout", { outage: "stop" }, "an outage"],
      ["credential_rejected", { badCredential: "stop" }, "a credential that is not accepted"],
      ["context_length_exceeded", { contextWindow: "stop" }, "a request that is too long"],
      ["content_filtered", { contentFilter: "stop" }, "a request that was filtered"],
      ["invalid_answer", { invalidAnswer: "stop" }, "an answer that is not good enough"],
    ])("stops after %s by %o", (failure, afterFailure, words) => {
      const remaining = [planned("2", { contextWindow: 200_000 })];
      const { next, because } = afterAttempt(failed(failure, { afterFailure, remaining }));
      expect([next, because.code]).toEqual(["stop", "stopped_by_route"]);
      expect(because.text).toMatch(new RegExp(`; stopped, because the route stops after ${words}\\.$`));
    });

    test("sets a bad credential aside where it stops too", () => {
      const step = afterAttempt(failed("credential_rejected", { afterFailure: { badCredential: "stop" } }));
      expect(step.setAside).not.toBeNull();
    });

    test("takes a filtered request to another connection, and says who allows it", () => {
      const remaining = [planned("1", { targetId: "other model" }), planned("3")];
      const step = afterAttempt(
        failed("content_filtered", { afterFailure: { contentFilter: "other_target" }, remaining }),
      );
      expect(step).toMatchObject({ next: "next-target", index: 1 });
      expect(step.because.text).toBe("openai-1 / gpt filtered the request; trying openai-3 / gpt, as the route says.");
    });

    test("takes a request that is too long to any target", () => {
      const remaining = [planned("2", { contextWindow: null })];
      const afterFailure = { contextWindow: "other_target" as const };
      expect(afterAttempt(failed("context_length_exceeded", { afterFailure, remaining }))).toMatchObject({ index: 0 });
    });

    test("goes on after another kind of trouble, and never after what no target remedies", () => {
      const afterFailure = { overload: "stop", contentFilter: "other_target" } as const;
      expect(afterAttempt(failed("server_error", { afterFailure })).next).toBe("next-target");
      expect(afterAttempt(failed("invalid_request", { afterFailure })).next).toBe("stop");
    });

    test("does not end a cascade", () => {
      const attempt = planned("1", { tier: 0 });
      const remaining = [planned("2", { tier: 1 })];
      const afterFailure = { invalidAnswer: "stop" as const };
      expect(afterAttempt(failed("invalid_answer", { attempt, remaining, afterFailure })).next).toBe("next-target");
    });
  });

  describe("with a connection whose retry budget is used up", () => {
    const spent = new ConnectionHealth();
    for (let retry = 0; retry < fewestRetries; retry++) spent.begin("m2", true, 0);
    const health = { connections: new Map([["c2", spent]]), nowMs: 0 };

    test("goes to another, and stops where there is none", () => {
      expect(afterAttempt(failed("server_error", { health }))).toMatchObject({ next: "next-target", index: 1 });
      const step = afterAttempt(failed("server_error", { health, remaining: [planned("2")] }));
      expect(step.because).toEqual({
        code: "stopped_by_retry_budget",
        text: "openai-1 / gpt failed; stopped, because the others already make up for as many failed calls as they may.",
      });
    });

    test("lets a first attempt through, and has room again after a minute", () => {
      const remaining = [planned("2")];
      expect(afterAttempt(failed("credential_rejected", { health, remaining, attemptsMade: 0 })).next).toBe(
        "next-target",
      );
      const later = { ...health, nowMs: 65_000 };
      expect(afterAttempt(failed("server_error", { health: later, remaining })).next).toBe("next-target");
    });
  });

  test("always ends, whatever fails and in whatever order", () => {
    const attempt = fc.record({ connection: fc.nat(3), contextWindow: fc.constantFrom(null, 1_000, 2_000) });
    const outcome = fc.record({
      failure: fc.constantFrom(...failures),
      firstByteSent: fc.boolean(),
      hasOtherCredential: fc.boolean(),
    });
    const follow = fc.constantFrom("other_target" as const, "stop" as const);
    const rules = fc.record({ overload: follow, outage: follow, contentFilter: follow }, { requiredKeys: [] });
    fc.assert(
      fc.property(
        fc.array(attempt, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(outcome),
        fc.integer({ min: 1, max: 5 }),
        rules,
        (attempts, outcomes, maxAttempts, afterFailure) => {
          let remaining = attempts.map(({ connection, contextWindow }, index) =>
            planned(String(index), { connectionId: `c${connection}`, contextWindow }),
          );
          let attemptsMade = 0;
          const tried = new Set<string>();
          for (;;) {
            const [current, ...after] = remaining;
            attemptsMade += 1;
            tried.add(current!.targetId);
            const { value } = outcomes.next() as {
              value: typeof outcome extends fc.Arbitrary<infer Value> ? Value : never;
            };
            const step = afterAttempt({
              ...value,
              attempt: current!,
              credentialId: "k",
              attemptsMade,
              maxAttempts,
              remaining: after,
              afterFailure,
              health: { connections: new Map(), nowMs: 0 },
            });
            if (step.next === "stop") break;
            expect(step.index).toBeLessThan(after.length);
            remaining = after.slice(step.index);
          }
          expect(attemptsMade).toBeLessThanOrEqual(maxAttempts);
          expect(tried.size).toBe(attemptsMade);
        },
      ),
    );
  });
});
