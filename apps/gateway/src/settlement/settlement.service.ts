import { Injectable, type OnModuleInit } from "@nestjs/common";
import type { AttemptRecord, FeedbackRecord, RequestRecord } from "@switchyard/metering/usage-event";
import type { AttemptOutcome, HeldAttempt } from "../admission/admission.ts";
import { GatewayHeartbeat } from "../admission/gateway-heartbeat.ts";
import { LeaseRepository } from "../admission/lease.repository.ts";
import { QuotaLeases } from "../admission/quota-leases.ts";
import { AttemptCloser } from "./attempt-closer.ts";
import { JournalPipeline, type JournalStatus } from "./journal-pipeline.ts";
import type { CallRecord } from "./recent-records.ts";

@Injectable()
export class SettlementService implements OnModuleInit {
  readonly #closer: AttemptCloser;
  readonly #journal: JournalPipeline;
  readonly #leases: QuotaLeases;
  readonly #heartbeat: GatewayHeartbeat;
  readonly #leaseRepository: LeaseRepository;

  constructor(
    closer: AttemptCloser,
    journal: JournalPipeline,
    leases: QuotaLeases,
    heartbeat: GatewayHeartbeat,
    leaseRepository: LeaseRepository,
  ) {
    this.#closer = closer;
    this.#journal = journal;
    this.#leases = leases;
    this.#heartbeat = heartbeat;
    this.#leaseRepository = leaseRepository;
  }

  onModuleInit(): void {
    this.#journal.start((bootId) => this.#leaseRepository.releaseEarlierBoot(bootId));
  }

  /**
   * Prices an attempt by the price version its hold pinned, closes it (settle or void), gives the rest of the hold back
   * and journals the close. Call it once for every held attempt, also when it was never sent; a second call throws.
   */
  settle(held: HeldAttempt, outcome: AttemptOutcome): AttemptRecord {
    return this.#closer.settle(held, outcome);
  }

  /**
   * Resolves once a kill -9 cannot lose what was settled so far, or once that could not be written now: to be awaited before
   * the client is told its answer. Never rejects.
   */
  written(): Promise<void> {
    return this.#journal.journal.written();
  }

  /** What this process journalled lately of a call, the newest first; of what ended in this turn only after `written`. */
  ofCall(requestId: string): Iterable<CallRecord> {
    return this.#journal.journal.ofCall(requestId);
  }

  /** Journals the end of a client call; never waits and never throws. */
  recordRequest(record: RequestRecord): void {
    this.#closer.recordRequest(record);
  }

  /** Journals what somebody says of a call. Resolves once it is kept; rejects where it cannot be. */
  recordFeedback(record: FeedbackRecord): Promise<void> {
    return this.#journal.journal.appendFeedback(record);
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
    const isEverythingReturned = await this.#leases.returnEverything();
    await this.#journal.drain(deadlineMs, isEverythingReturned);
    await this.#heartbeat.stop();
    await this.#leaseRepository.close();
  }
}
