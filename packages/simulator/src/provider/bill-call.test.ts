import { describe, expect, it } from "vitest";
import type { DeliveryResult } from "../delivery/delivery.ts";
import { billedTokens } from "./bill-call.ts";

const full = { input: 100, cachedInput: 20, output: 30, reasoning: 10 };
const ended = (outcome: DeliveryResult["outcome"], generatedTokens = 0): DeliveryResult => ({
  status: 200,
  outcome,
  generatedTokens,
});

describe("billedTokens", () => {
  it("bills a complete answer in full", () => {
    expect(billedTokens({ kind: "answer", full, behaviour: undefined }, ended("complete"))).toEqual(full);
  });

  it.each(["aborted_by_client", "cut", "ended_early", "errored"] as const)(
    "bills what was generated when an answer ends as %s",
    (outcome) => {
      const terms = { kind: "answer" as const, full, behaviour: undefined };
      expect(billedTokens(terms, ended(outcome, 0))).toEqual({ ...full, output: 0, reasoning: 0 });
      expect(billedTokens(terms, ended(outcome, 7))).toEqual({ ...full, output: 0, reasoning: 7 });
      expect(billedTokens(terms, ended(outcome, 25))).toEqual({ ...full, output: 15, reasoning: 10 });
      expect(billedTokens(terms, ended(outcome, Number.POSITIVE_INFINITY))).toEqual(full);
      expect(billedTokens({ ...terms, behaviour: { abortBilling: "run_on_abort" } }, ended(outcome, 7))).toEqual(full);
    },
  );

  it("bills errors only where the behaviour says so", () => {
    expect(
      billedTokens({ kind: "error", full, behaviour: { abortBilling: "run_on_abort" } }, ended("garbage")),
    ).toBeNull();
    expect(billedTokens({ kind: "error", full, behaviour: { billOnError: true } }, ended("garbage"))).toEqual(full);
  });

  it("never bills what the provider refused or its own stop interrupted", () => {
    expect(billedTokens({ kind: "free", full, behaviour: { billOnError: true } }, ended("rejected"))).toBeNull();
    expect(
      billedTokens({ kind: "answer", full, behaviour: { abortBilling: "run_on_abort" } }, ended("interrupted")),
    ).toBeNull();
  });
});
