/** The journal of this process and all that carries it into the ledger, put together. */
import { IngestedBatchesRepository } from "./ingested-batches.repository.ts";
import { leaveJournalDirectory, listSegments, readKernelBootId, takeJournalDirectory } from "./journal-directory.ts";
import { JournalReplay } from "./journal-replay.ts";
import { JournalShipper } from "./journal-shipper.ts";
import { Journal } from "./journal.ts";
import type { SettlementOptions } from "./settlement-options.ts";
import { UsageQueueRepository } from "./usage-queue.repository.ts";

/** Figures for metrics and readiness. */
export interface JournalStatus {
  readonly isWritable: boolean;
  readonly journalBytes: number;
  /** Attempts and requests of this process that the ledger does not have yet. */
  readonly unshippedRecords: number;
  /** Everything that earlier boots left is in the ledger, and their leases are back. */
  readonly isReplayDone: boolean;
}

const measureEveryMs = 1_000;

export class JournalPipeline {
  readonly journal: Journal;
  readonly #options: SettlementOptions;
  readonly #earlierSegments: ReturnType<typeof listSegments>;
  readonly #kernelBootId = readKernelBootId();
  readonly #queue: UsageQueueRepository;
  readonly #ingested: IngestedBatchesRepository;
  readonly #shipper: JournalShipper;
  readonly #bytesGauge;
  readonly #unshippedGauge;
  #replay: JournalReplay | null = null;
  #gaugeTimer: NodeJS.Timeout | null = null;

  /** Takes the folder and opens the journal; throws with one clear line where that is not possible. */
  constructor(options: SettlementOptions) {
    const { identity, journalDirectory: directory, journalSync: sync, journalMaxBytes: maxBytes, logger } = options;
    this.#options = options;
    this.#bytesGauge = options.metrics.gauge("switchyard_journal_bytes").with();
    this.#unshippedGauge = options.metrics.gauge("switchyard_journal_unshipped_records").with();
    takeJournalDirectory(directory);
    this.#earlierSegments = listSegments(directory);
    const earlierBytes = this.#earlierSegments.reduce((sum, { writtenBytes }) => sum + writtenBytes, 0);
    const kernelBootId = this.#kernelBootId;
    this.journal = new Journal({ directory, identity, kernelBootId, sync, maxBytes, earlierBytes, logger });
    this.#queue = new UsageQueueRepository(options);
    this.#ingested = new IngestedBatchesRepository(options.databaseUrl, logger);
    this.#shipper = new JournalShipper({
      gatewayId: identity.gatewayId,
      bootId: identity.bootId,
      source: this.journal,
      queue: this.#queue,
      ingested: this.#ingested,
      logger,
    });
  }

  /** Starts shipping, and settling what earlier boots left. */
  start(releaseBoot: (bootId: string) => Promise<void>): void {
    this.#shipper.start();
    this.#replay = new JournalReplay({
      identity: this.#options.identity,
      kernelBootId: this.#kernelBootId,
      segments: this.#earlierSegments,
      queue: this.#queue,
      ingested: this.#ingested,
      remove: (segment) => this.journal.remove(segment),
      releaseBoot,
      logger: this.#options.logger,
    });
    this.#replay.start();
    this.#gaugeTimer = setInterval(() => this.#measure(), measureEveryMs).unref();
  }

  status(): JournalStatus {
    return {
      isWritable: this.journal.isWritable,
      journalBytes: this.journal.bytes,
      unshippedRecords: this.journal.eventCount - this.#shipper.acknowledgedEvents,
      isReplayDone: this.#replay?.isDone ?? false,
    };
  }

  #measure(): void {
    const { journalBytes, unshippedRecords } = this.status();
    this.#bytesGauge.set(journalBytes);
    this.#unshippedGauge.set(unshippedRecords);
  }

  async flush(): Promise<void> {
    await this.journal.flush();
  }

  /**
   * Ships what can be shipped within the deadline, and leaves the folder. A file stays behind where something has to be
   * shipped, or leases of this boot to be released, by the next one.
   */
  async drain(deadlineMs: number, isEverythingReturned: boolean): Promise<void> {
    if (this.#gaugeTimer !== null) clearInterval(this.#gaugeTimer);
    const isEmpty = await this.#shipper.drain(deadlineMs);
    await this.#shipper.stop();
    await this.#replay?.stop();
    await this.journal.close();
    if (isEmpty && isEverythingReturned) for (const segment of this.journal.segments()) this.journal.remove(segment);
    await Promise.all([this.#queue.close(), this.#ingested.close()]);
    leaveJournalDirectory(this.#options.journalDirectory);
  }
}
