/** Bugs in what a call is said to have cost. */
import { pinnedPriceVersion } from "@switchyard/metering/pinned-price-version";
import type { AttemptOutcome } from "../../../src/admission/admission.ts";
import type { CallFee } from "../../../src/admission/call-fee.ts";
import type { OpenAttempts } from "../../../src/admission/open-attempts.ts";
import type { ActivePolicy } from "../../../src/policies/active-policy.ts";
import type { PolicyStore } from "../../../src/policies/policy.store.ts";
import type { AttemptCloser } from "../../../src/settlement/attempt-closer.ts";
import type { Journal } from "../../../src/settlement/journal.ts";
import type { AttemptRun } from "../../../src/upstream/attempt-run.ts";
import { builtClass, replaceMethod } from "./built-class.ts";

async function changeOutcome(change: (outcome: AttemptOutcome) => AttemptOutcome): Promise<void> {
  const prototype = await builtClass<AttemptCloser>("settlement/attempt-closer", "AttemptCloser");
  replaceMethod(prototype, "settle", (original, _self, held, outcome) => original(held, change(outcome)));
}

type AnyRun = AttemptRun<unknown>;

const longestUsage = 1_000;
const costPattern = /"cost":\s*"?(-?[\d.]+(?:e\+?\d+)?)/i;

/** What `usage.cost` says is what the call cost, whatever it says. */
export async function reportedCostTrusted(): Promise<void> {
  const runs = await builtClass<AnyRun>("upstream/attempt-run", "AttemptRun");
  const heardOf = new WeakMap<AnyRun, string>();
  let told: number | null = null;
  // Attempts are settled in the middle of the last of these calls.
  const during = (run: AnyRun, arrived: string, pass: () => void): void => {
    const heard = (heardOf.get(run) ?? "").slice(-longestUsage) + arrived;
    heardOf.set(run, heard);
    const cost = costPattern.exec(heard)?.[1];
    told = cost === undefined ? null : Number(cost);
    pass();
    told = null;
  };
  replaceMethod(runs, "onData", (original, self, chunk) =>
    during(self, chunk.toString("latin1"), () => original(chunk)),
  );
  replaceMethod(runs, "onEnd", (original, self, failure) => during(self, "", () => original(failure)));
  const journal = await builtClass<Journal>("settlement/journal", "Journal");
  replaceMethod(journal, "appendEvent", (original, _self, event) => {
    if (event.type !== "attempt" || event.closing === "void" || told === null) return original(event);
    const picoUsd = Math.round(Math.min(told * 1e12, Number.MAX_SAFE_INTEGER));
    original({ ...event, costPicoUsd: String(picoUsd) });
  });
}

/** Cached tokens are counted as cached and once more as input. */
export async function cachedTokensTwice(): Promise<void> {
  await changeOutcome((outcome) => {
    const { cached_input: cached = 0, input = 0 } = outcome.usage ?? {};
    return cached === 0 ? outcome : { ...outcome, usage: { ...outcome.usage, input: input + cached } };
  });
}

/** An attempt that failed and was retried costs nothing, whatever its provider says. */
export async function failedAttemptIsFree(): Promise<void> {
  await changeOutcome((outcome) =>
    outcome.failureClass === null || outcome.verdict === "cancelled" ? outcome : { ...outcome, mayBeBilled: false },
  );
}

/** A stream that broke off is booked as complete and not billed. */
export async function truncatedIsFree(): Promise<void> {
  await changeOutcome((outcome) =>
    outcome.verdict === "truncated" ? { ...outcome, verdict: "complete", mayBeBilled: false } : outcome,
  );
}

/** Usage that cannot be read is taken for no usage. */
export async function hostileUsageIsFree(): Promise<void> {
  await changeOutcome((outcome) =>
    outcome.usage === null && outcome.verdict === "complete"
      ? { ...outcome, usage: {}, usageSource: "provider_final" }
      : outcome,
  );
}

/** Money is a floating-point number of dollars with six decimals. */
export async function floatMoney(): Promise<void> {
  const prototype = await builtClass<Journal>("settlement/journal", "Journal");
  replaceMethod(prototype, "appendEvent", (original, _self, event) => {
    if (event.type !== "attempt") return original(event);
    const usd = (Number(event.costPicoUsd) / 1e12).toFixed(6);
    original({ ...event, costPicoUsd: BigInt(Math.round(Number(usd) * 1e12)).toString() });
  });
}

/** An answer from the cache is billed as if a provider had given it. */
export async function cacheHitBilled(): Promise<void> {
  const prototype = await builtClass<Journal>("settlement/journal", "Journal");
  replaceMethod(prototype, "appendEvent", (original, _self, event) =>
    original(event.type === "request" && event.cache === "hit" ? { ...event, costPicoUsd: "1000000000" } : event),
  );
}

/** A call is priced by whatever is in force when it ends, not by what it was admitted at. */
export async function pricedAtSettlement(): Promise<void> {
  let policy: ActivePolicy | null = null;
  const store = await builtClass<PolicyStore>("policies/policy.store", "PolicyStore");
  replaceMethod(store, "swap", (original, _self, next) => {
    policy = next;
    original(next);
  });
  const attempts = await builtClass<OpenAttempts>("admission/open-attempts", "OpenAttempts");
  replaceMethod(attempts, "close", (original, _self, held) => {
    const open = original(held);
    const model = policy?.modelsById.get(open.hold.modelId);
    const version = pinnedPriceVersion(model?.prices ?? [], open.hold.connectionId, Date.now());
    return version === null ? open : { ...open, priceVersion: version };
  });
}

/** The fee's amount for each request is charged with every attempt of it. */
export async function feePerAttempt(): Promise<void> {
  const prototype = await builtClass<CallFee>("admission/call-fee", "CallFee");
  replaceMethod(prototype, "noteSettled", () => undefined);
}

/** A price list says -1 where it does not know, and what is settled by it is given to the caller. */
export async function negativePrice(): Promise<void> {
  const prototype = await builtClass<OpenAttempts>("admission/open-attempts", "OpenAttempts");
  replaceMethod(prototype, "add", (original, _self, attempt) => {
    const { priceVersion } = attempt;
    const lines = priceVersion?.lines.map((line) =>
      line.meter === "requests" ? { ...line, unitPricePicoUsd: "-1000000000000" } : line,
    );
    original(
      lines === undefined || priceVersion === null ? attempt : { ...attempt, priceVersion: { ...priceVersion, lines } },
    );
  });
}
