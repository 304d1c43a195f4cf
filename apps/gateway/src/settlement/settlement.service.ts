import { Injectable, type OnModuleInit } from "@nestjs/common";
import { outputTokenMeters, inputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";
import type { AttemptOutcome, HeldAttempt } from "../admission/admission.ts";
import { GatewayHeartbeat } from "../admission/gateway-heartbeat.ts";
import { LeaseRepository } from "../admission/lease.repository.ts";
import { OpenAttempts } from "../admission/open-attempts.ts";
import { QuotaLeases } from "../admission/quota-leases.ts";
import { rateCharge } from "../admission/rate-charge.ts";
import { closeAttempt } from "./close-attempt.ts";
import { JournalPipeline, type JournalStatus } from "./journal-pipeline.ts";

@Injectable()
export class SettlementService implements OnModuleInit {
  readonly #openAttempts: OpenAttempts;
  readonly #leases: QuotaLeases;
  readonly #heartbeat: GatewayHeartbeat;
  readonly #leaseRepository: LeaseRepository;
  readonly #journal: JournalPipeline;

  constructor(
    openAttempts: OpenAttempts,
    leases: QuotaLeases,
    heartbeat: GatewayHeartbeat,
    leaseRepository: LeaseRepository,
    journal: JournalPipeline,
  ) {
    this.#openAttempts = openAttempts;
    this.#leases = leases;
    this.#heartbeat = heartbeat;
    this.#leaseRepository = leaseRepository;
    this.#journal = journal;
  }

  onModuleInit(): void {
    this.#journal.start((bootId) => this.#leaseRepository.releaseEarlierBoot(bootId));
  }

  /**
   * Prices an attempt by the price version its hold pinned, closes it (settle or void), gives the rest of the hold back
   * and journals the close. Call it once for every held attempt, also when it was never sent; a second call throws.
   */
  settle(held: HeldAttempt, outcome: AttemptOutcome): AttemptRecord {
    const open = this.#openAttempts.close(held);
    const record = closeAttempt(open, outcome, Date.now());
    // Before the rest of the hold can be spent again: a journal that ends after a later hold holds this close too.
    this.#journal.appendEvent(record);
    const cost = BigInt(record.costPicoUsd);
    for (const budget of open.budgets) this.#leases.close(budget, cost < budget.amount ? cost : budget.amount);
    const tokens = totalQuantity(record.usage, inputTokenMeters) + totalQuantity(record.usage, outputTokenMeters);
    for (const rate of open.rates) this.#leases.close(rate, rateCharge(rate, tokens));
    return record;
  }

  /** Journals the end of a client call; never waits and never throws. */
  recordRequest(record: RequestRecord): void {
    this.#journal.appendEvent(record);
  }

  status(): JournalStatus {
    return this.#journal.status();
  }

  /**
   * To be called once, after the last request ended: flushes the journal, returns every lease and ships what can be
   * shipped within the deadline. What could not be shipped stays in the journal for the next start.
   */
  async drain(deadlineMs: number): Promise<void> {
    await this.#journal.flush();
    await this.#leases.returnEverything();
    await this.#journal.drain(deadlineMs);
    await this.#heartbeat.stop();
    await this.#leaseRepository.close();
  }
}
