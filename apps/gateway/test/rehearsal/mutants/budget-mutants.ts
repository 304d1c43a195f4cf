/** Bugs in how budgets are held. */
import type { AttemptHolder } from "../../../src/admission/attempt-holder.ts";
import type { QuotaHeld } from "../../../src/admission/hold-outcome.ts";
import type { LocalLease } from "../../../src/admission/local-lease.ts";
import type { QuotaLeases } from "../../../src/admission/quota-leases.ts";
import { builtClass, originalMethod, replaceMethod } from "./built-class.ts";

const quotaLeases = () => builtClass<QuotaLeases>("admission/quota-leases", "QuotaLeases");

/** The budget is looked at before the call and charged after it: calls at the same time all see the same rest. */
export async function checkThenAct(): Promise<void> {
  const prototype = await quotaLeases();
  const onlyChecked = new WeakSet<QuotaHeld>();
  const closeOriginal = originalMethod(prototype, "close");
  replaceMethod(prototype, "hold", (original, self, needs) => {
    const check = (outcome: Awaited<ReturnType<QuotaLeases["hold"]>>) => {
      if (outcome.kind !== "held") return outcome;
      for (const held of outcome.held) {
        if (held.quota.unit !== "pico_usd") continue;
        closeOriginal(self, held, 0n);
        onlyChecked.add(held);
      }
      return outcome;
    };
    const outcome = original(needs);
    return outcome instanceof Promise ? outcome.then(check) : check(outcome);
  });
  replaceMethod(prototype, "close", (original, _self, held, charged) =>
    original(onlyChecked.has(held) ? { ...held, amount: 0n } : held, charged),
  );
}

/** Half of the calls are trusted: they are charged when they end, and held against nothing. */
export async function holdSkipped(): Promise<void> {
  let calls = 0;
  const prototype = await builtClass<AttemptHolder>("admission/attempt-holder", "AttemptHolder");
  replaceMethod(prototype, "hold", (original, _self, call, quotas, attempt) => {
    calls += 1;
    const isPriced = attempt.model.prices.some(({ lines }) => lines.length > 0);
    return original(call, calls % 2 === 0 && isPriced ? { ...quotas, hardBudgets: [] } : quotas, attempt);
  });
}

/** What a hold did not use is given back twice. */
export async function doubleRefund(): Promise<void> {
  replaceMethod(await quotaLeases(), "close", (original, _self, held, charged) => {
    original(held, charged);
    if (held.quota.unit === "pico_usd" && charged < held.amount) held.lease.grant(held.amount - charged);
  });
}

/** A lease that was given back to the database goes on being spent. */
export async function keepReturnedLeases(): Promise<void> {
  const prototype = await builtClass<LocalLease>("admission/local-lease", "LocalLease");
  replaceMethod(prototype, "takeIdle", (original, self) => {
    const idle = original();
    self.grant(idle);
    return idle;
  });
}

/** Calls are held at half of what they may cost at most. */
export async function holdTooSmall(): Promise<void> {
  replaceMethod(await quotaLeases(), "hold", (original, _self, needs) =>
    original(needs.map((need) => (need.quota.unit === "pico_usd" ? { ...need, amount: need.amount / 2n } : need))),
  );
}
