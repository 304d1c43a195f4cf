/**
 * Carries the events of one boot's journal into the queue, in journal order, and follows them until the ledger has them.
 * The journal is the truth and the queue is only the way: a batch that does not arrive is read from the file and sent
 * again, and a file is deleted when all of its events have arrived. What is in memory is bounded however long the
 * database is away.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { journalBatchId } from "@switchyard/metering/journal-batch";
import type { UsageBatch, UsageEvent } from "@switchyard/metering/usage-event";
import type { Logger } from "@switchyard/telemetry/logger";
import type { IngestedBatches } from "./ingested-batches.repository.ts";
import type { JournalSegment } from "./journal-segment.ts";
import { readSegment } from "./segment-reader.ts";
import type { UsageQueue } from "./usage-queue.repository.ts";

/** The files to ship. */
interface ShippableSegments {
  /** As they are now, oldest first. */
  segments(): readonly JournalSegment[];
  /** All of its events have arrived, and nothing will be added to it. */
  remove(segment: JournalSegment): void;
  /** All of its events have arrived so far, and no attempt is open in it. */
  seal(segment: JournalSegment): void;
}

export interface JournalShipperOptions {
  readonly gatewayId: string;
  readonly bootId: string;
  readonly source: ShippableSegments;
  readonly queue: UsageQueue;
  readonly ingested: IngestedBatches;
  readonly logger: Pick<Logger, "warn">;
  readonly everyMs?: number;
  readonly acknowledgeEveryMs?: number;
  readonly resendAfterMs?: number;
  readonly sealAfterMs?: number;
}

interface Position {
  readonly segment: JournalSegment;
  readonly offset: number;
}

/** A batch that was sent and has not been seen in the ledger yet; its events are in the file. */
interface Outstanding {
  readonly batchId: string;
  readonly segment: JournalSegment;
  readonly from: number;
  readonly to: number;
  readonly events: number;
  sends: number;
  sentAt: number;
}

// A batch is parsed and written as JSON in one go, and calls wait meanwhile.
const mostEventsInBatch = 500;
const mostBytesInBatch = 1024 * 1024;
const mostOutstanding = 32;
const longestResendMs = 15 * 60_000;
const longestBackoffMs = 5_000;
const mostIdleDrainMs = 2_000;

export class JournalShipper {
  readonly #options: JournalShipperOptions;
  readonly #outstanding = new Map<string, Outstanding>();
  #position: Position | null = null;
  #acknowledgedEvents = 0;
  /** In a row, and altogether. */
  #failures = 0;
  #failureCount = 0;
  #acknowledgedAt = 0;
  #isDatabaseAway = false;
  #damagedLines = 0;
  #lastShippedAt = performance.now();
  #stop: AbortController | null = null;
  #running: Promise<void> | null = null;

  constructor(options: JournalShipperOptions) {
    this.#options = options;
  }

  /** Events that the ledger has, of those this shipper read. */
  get acknowledgedEvents(): number {
    return this.#acknowledgedEvents;
  }

  start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    this.#running = this.#run(stop.signal);
  }

  /** Ends after the step that is under way; what is not in the ledger stays in the files. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    await this.#running;
  }

  /**
   * Resolves to true when the ledger has every event there is; to false at the deadline, when the queue or the database
   * turns out to be away, or when all is in the queue and nobody takes it out for two seconds.
   */
  async drain(deadlineMs: number): Promise<boolean> {
    const startedAt = performance.now();
    const failuresBefore = this.#failureCount;
    let acknowledged = this.#acknowledgedEvents;
    let progressAt = startedAt;
    while (!this.isDone) {
      const now = performance.now();
      const isAllSent = this.#nextPosition() === null;
      if (!isAllSent || this.#acknowledgedEvents > acknowledged) progressAt = now;
      acknowledged = this.#acknowledgedEvents;
      if (now - startedAt >= deadlineMs || now - progressAt >= mostIdleDrainMs) return false;
      if (this.#failureCount > failuresBefore) return false;
      await sleep(20);
    }
    return true;
  }

  /** Whether the ledger has every event that is in the files. */
  get isDone(): boolean {
    if (this.#outstanding.size > 0) return false;
    const last = this.#options.source.segments().at(-1);
    if (last === undefined) return true;
    return this.#position?.segment === last && this.#position.offset === last.writtenBytes;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { everyMs = 250, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#ship(signal);
        await this.#acknowledge();
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        this.#failureCount += 1;
        if (this.#failures === 1) logger.warn({ err: error }, "usage cannot be shipped; it stays in the journal");
      }
      const backoffMs = this.#failures === 0 ? everyMs : Math.min(everyMs * 2 ** this.#failures, longestBackoffMs);
      // Gateways that lost the database together must not all come back in the same instant.
      await sleep(this.#failures === 0 ? backoffMs : backoffMs * (0.5 + Math.random()), null, { signal }).catch(
        () => null,
      );
    }
  }

  async #ship(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#outstanding.size < mostOutstanding) {
      const position = this.#nextPosition();
      if (position === null) return;
      const { segment, offset: from } = position;
      const { events, to } = await this.#read(segment, from, segment.writtenBytes);
      if (events.length > 0) {
        const batchId = journalBatchId(this.#options.bootId, segment.sequence, from, to);
        const outstanding = { batchId, segment, from, to, events: events.length, sends: 0, sentAt: 0 };
        await this.#send(outstanding, events);
        this.#outstanding.set(batchId, outstanding);
        this.#lastShippedAt = performance.now();
      }
      this.#position = { segment, offset: to };
    }
  }

  /** Where to read on; null when everything that was written has been read. */
  #nextPosition(): Position | null {
    const segments = this.#options.source.segments();
    const current = this.#position;
    if (current !== null && current.offset < current.segment.writtenBytes) return current;
    if (current !== null && !current.segment.isSealed) return null;
    const next = segments.find((segment) => current === null || segment.sequence > current.segment.sequence);
    return next === undefined ? null : { segment: next, offset: 0 };
  }

  async #read(segment: JournalSegment, from: number, end: number): Promise<{ events: UsageEvent[]; to: number }> {
    const events: UsageEvent[] = [];
    let to = from;
    for await (const line of readSegment(segment.path, from, end, "events")) {
      to = line.end;
      if (line.record === null) this.#reportDamage(segment, line.end);
      else if (line.record.type !== "hold" && line.record.type !== "segment") events.push(line.record);
      if (events.length >= mostEventsInBatch || to - from >= mostBytesInBatch) return { events, to };
    }
    // What follows the last whole line was torn by a crash.
    return { events, to: end };
  }

  #reportDamage(segment: JournalSegment, end: number): void {
    this.#damagedLines += 1;
    if (this.#damagedLines > 10) return;
    this.#options.logger.warn({ path: segment.path, end }, "a journal line is damaged and was passed over");
  }

  async #send(outstanding: Outstanding, events: readonly UsageEvent[]): Promise<void> {
    const { batchId, sends } = outstanding;
    const batch: UsageBatch = { batchId, gatewayId: this.#options.gatewayId, events };
    // The first repetition counts only if the job is gone; the later ones also if it is stuck.
    await this.#options.queue.add(batch, sends < 2 ? batchId : `${batchId}.${sends}`);
    outstanding.sends += 1;
    outstanding.sentAt = performance.now();
  }

  async #acknowledge(): Promise<void> {
    const { acknowledgeEveryMs = 1_000, ingested } = this.#options;
    const now = performance.now();
    if (this.#outstanding.size > 0 && now - this.#acknowledgedAt >= acknowledgeEveryMs) {
      this.#acknowledgedAt = now;
      const arrived = await this.#askWhatArrived(ingested);
      for (const batchId of arrived) {
        this.#acknowledgedEvents += this.#outstanding.get(batchId)?.events ?? 0;
        this.#outstanding.delete(batchId);
      }
      await this.#resendLost();
    }
    this.#releaseFiles();
  }

  async #askWhatArrived(ingested: IngestedBatches): Promise<readonly string[]> {
    try {
      const arrived = await ingested.among([...this.#outstanding.keys()]);
      // While the database was away nothing could arrive: that time does not count.
      if (this.#isDatabaseAway) for (const batch of this.#outstanding.values()) batch.sentAt = performance.now();
      this.#isDatabaseAway = false;
      return arrived;
    } catch (error) {
      this.#isDatabaseAway = true;
      throw error;
    }
  }

  async #resendLost(): Promise<void> {
    const { resendAfterMs = 30_000 } = this.#options;
    for (const batch of this.#outstanding.values()) {
      const patienceMs = Math.min(resendAfterMs * 2 ** (batch.sends - 1), longestResendMs);
      if (performance.now() - batch.sentAt < patienceMs) continue;
      const { events } = await this.#read(batch.segment, batch.from, batch.to);
      await this.#send(batch, events);
    }
  }

  #releaseFiles(): void {
    const { source, sealAfterMs = 60_000 } = this.#options;
    const position = this.#position;
    if (position === null) return;
    const needed = new Set([...this.#outstanding.values()].map(({ segment }) => segment));
    for (const segment of source.segments()) {
      const isRead = segment.sequence < position.segment.sequence || position.offset === segment.writtenBytes;
      if (segment.sequence > position.segment.sequence || !isRead || needed.has(segment) || segment.openHolds > 0)
        continue;
      if (segment.isSealed) source.remove(segment);
      else if (performance.now() - this.#lastShippedAt >= sealAfterMs) source.seal(segment);
    }
  }
}
