/** Ends attempts: prices them, writes the close down and gives back what was held and not used. */
import { inputTokenMeters, outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { AttemptRecord, RequestRecord, UsageEvent } from "@switchyard/metering/usage-event";
import type { AttemptOutcome, HeldAttempt } from "../admission/admission.ts";
import type { OpenAttempts } from "../admission/open-attempts.ts";
import type { QuotaLeases } from "../admission/quota-leases.ts";
import { rateCharge } from "../admission/rate-charge.ts";
import { closeAttempt } from "./close-attempt.ts";

export class AttemptCloser {
  readonly #openAttempts: OpenAttempts;
  readonly #leases: QuotaLeases;
  readonly #journal: { appendEvent(event: UsageEvent): void };

  constructor(openAttempts: OpenAttempts, leases: QuotaLeases, journal: { appendEvent(event: UsageEvent): void }) {
    this.#openAttempts = openAttempts;
    this.#leases = leases;
    this.#journal = journal;
  }

  settle(held: HeldAttempt, outcome: AttemptOutcome): AttemptRecord {
    const open = this.#openAttempts.close(held);
    const record = closeAttempt(open, outcome, Date.now());
    // Before the rest of the hold can be spent again: a journal that has a later hold has this close too.
    this.#journal.appendEvent(record);
    if (record.closing === "settle") open.fee?.noteSettled();
    const cost = BigInt(record.costPicoUsd);
    for (const budget of open.budgets) this.#leases.close(budget, cost < budget.amount ? cost : budget.amount);
    const tokens = totalQuantity(record.usage, inputTokenMeters) + totalQuantity(record.usage, outputTokenMeters);
    for (const rate of open.rates) this.#leases.close(rate, rateCharge(rate, tokens));
    return record;
  }

  recordRequest(record: RequestRecord): void {
    this.#journal.appendEvent(record);
  }
}
