/**
 * The append-only journal of this process. Records of one turn of the event loop are written together with one write();
 * from then on kill -9 cannot lose them. fdatasync follows at an interval, or before a record counts as written
 * ("always"). A hold that could not be written is refused; the end of an attempt that could not be written is kept and
 * written as soon as that is possible again, before anything else.
 */
import type { FeedbackRecord, HoldRecord, JournalRecord, UsageEvent } from "@switchyard/metering/usage-event";
import type { Logger } from "@switchyard/telemetry/logger";
import { HoldJournal } from "../admission/hold-journal.ts";
import { closeUnsentAttempt } from "./close-attempt.ts";
import type { JournalSegment } from "./journal-segment.ts";
import { OpenHolds } from "./open-holds.ts";
import type { CallRecord } from "./recent-records.ts";
import { SegmentWriter, UncertainWriteError, type SegmentWriterOptions } from "./segment-writer.ts";
import type { SettlementOptions } from "./settlement-options.ts";

export interface JournalOptions extends SegmentWriterOptions {
  readonly sync: SettlementOptions["journalSync"];
  readonly maxBytes: number;
  readonly logger: Pick<Logger, "error" | "info">;
  readonly retryMs?: number;
}

interface Line {
  readonly record: JournalRecord;
  readonly text: string;
}

/** Records that are written together. */
interface Group {
  readonly lines: Line[];
  /** For holds and feedback: rejected where they do not count, which with "always" is known after the disk has them. */
  readonly accepted: PromiseWithResolvers<void>;
  /** For answers: resolved as soon as writing was tried, whatever came of it. */
  readonly written: PromiseWithResolvers<void>;
}

const admittingPart = 0.9;
/** The rest of the journal is for calls: what people say of them must never be why one is refused. */
const feedbackPart = 0.5;
const mostUnwrittenRecords = 20_000;

export class Journal extends HoldJournal {
  readonly #options: JournalOptions;
  readonly #writer: SegmentWriter;
  readonly #openHolds = new OpenHolds();
  #group: Group | null = null;
  /** Ends of attempts and requests that wait for the disk to accept writes again. */
  #unwritten: Line[] = [];
  #droppedRecords = 0;
  #eventCount = 0;
  #isFailing = false;
  #syncing: Promise<void> | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;

  constructor(options: JournalOptions) {
    super();
    this.#options = options;
    this.#writer = new SegmentWriter(options);
    this.#writer.openSegment();
    if (options.sync !== "always") {
      const syncQuietly = (): void => void this.#sync().catch(() => undefined);
      this.#syncTimer = setInterval(syncQuietly, options.sync.everyMs).unref();
    }
  }

  get isWritable(): boolean {
    return !this.#isFailing && this.bytes < this.#options.maxBytes * admittingPart;
  }

  get bytes(): number {
    return this.#writer.bytes;
  }

  /** Attempts and requests that were appended since this process started. */
  get eventCount(): number {
    return this.#eventCount;
  }

  segments(): readonly JournalSegment[] {
    return this.#writer.segments();
  }

  append(hold: HoldRecord): Promise<void> {
    if (!this.isWritable) return Promise.reject(new Error("the journal does not accept holds"));
    return this.#add({ record: hold, text: `${JSON.stringify(hold)}\n` }).accepted.promise;
  }

  /** Resolves once it was written; rejects where it cannot be kept, which is earlier than holds are refused. */
  appendFeedback(feedback: FeedbackRecord): Promise<void> {
    if (!this.isWritable || this.bytes >= this.#options.maxBytes * feedbackPart) {
      return Promise.reject(new Error("the journal does not accept feedback"));
    }
    this.#eventCount += 1;
    return this.#add({ record: feedback, text: `${JSON.stringify(feedback)}\n` }).accepted.promise;
  }

  /** Never throws and never waits: what cannot be written now is written later. */
  appendEvent(event: UsageEvent): void {
    if (event.type === "request" && this.bytes >= this.#options.maxBytes) {
      this.#droppedRecords += 1;
      return;
    }
    this.#eventCount += 1;
    const line = { record: event, text: `${JSON.stringify(event)}\n` };
    if (this.#isFailing) this.#keep([line]);
    else this.#add(line);
  }

  /**
   * Resolves at the end of this turn of the event loop, when what was appended so far has been written; also where that
   * failed, because it is kept then and written later, and no answer waits for a disk. Never rejects.
   */
  written(): Promise<void> {
    return this.#group?.written.promise ?? Promise.resolve();
  }

  /** Writes what waits for the end of this turn of the event loop now, and puts it on the disk. */
  async flush(): Promise<void> {
    this.#write();
    if (this.#isFailing) this.#recover();
    // A failure has been dealt with and told where it happened.
    await this.#sync().catch(() => undefined);
  }

  /** What is remembered of a call that was journalled lately, the newest first. */
  *ofCall(requestId: string): Generator<CallRecord> {
    for (const { record } of this.#unwritten.toReversed()) {
      if (isOfCall(record, requestId)) yield record;
    }
    yield* this.#writer.recent.ofCall(requestId);
  }

  /** Counts a file that is not needed any more as gone, and deletes it. */
  remove(segment: JournalSegment): void {
    this.#writer.remove(segment);
  }

  /**
   * Goes on in another file, so that this one can be deleted. A file of this boot stays in any case: it is what tells the
   * next one that this boot's leases have to be released.
   */
  seal(segment: JournalSegment): void {
    if (segment.isSealed || this.#group !== null || this.#isFailing || this.#writer.isUnused(segment)) return;
    this.#writer.seal();
    try {
      this.#writer.openSegment();
    } catch (error) {
      this.#fail(error, []);
    }
  }

  async close(): Promise<void> {
    if (this.#syncTimer !== null) clearInterval(this.#syncTimer);
    await this.flush();
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#writer.seal();
    await this.#writer.sync().catch(() => undefined);
  }

  #add(line: Line): Group {
    if (this.#group === null) {
      this.#group = { lines: [], accepted: Promise.withResolvers(), written: Promise.withResolvers() };
      // Who appends an event does not wait; who appends a hold does, and hears of the failure.
      this.#group.accepted.promise.catch(() => undefined);
      setImmediate(() => this.#write());
    }
    this.#group.lines.push(line);
    return this.#group;
  }

  #write(): void {
    const group = this.#group;
    if (group === null) return;
    this.#group = null;
    try {
      if (this.#isFailing) throw new Error("the journal is not writable");
      this.#writeLines(group.lines);
    } catch (error) {
      this.#fail(
        error,
        group.lines.filter(({ record }) => record.type !== "hold" && record.type !== "feedback"),
      );
      if (error instanceof UncertainWriteError) this.#voidHolds(group.lines);
      group.accepted.reject(error);
      return;
    } finally {
      group.written.resolve();
    }
    if (this.#options.sync === "always") void this.#syncGroup(group);
    else group.accepted.resolve();
  }

  async #syncGroup({ lines, accepted }: Group): Promise<void> {
    try {
      await this.#sync();
      accepted.resolve();
    } catch (error) {
      this.#voidHolds(lines);
      accepted.reject(error);
    }
  }

  /** These holds may be in a file but will not be dispatched: like every attempt that was not sent, they are voided. */
  #voidHolds(lines: readonly Line[]): void {
    for (const { record } of lines) {
      if (record.type === "hold") this.appendEvent(closeUnsentAttempt(record, Date.now()));
    }
  }

  #writeLines(lines: readonly Line[]): void {
    const segment = this.#writer.append(lines);
    for (const { record } of lines) this.#track(record, segment);
  }

  #track(record: JournalRecord, segment: JournalSegment): void {
    if (record.type === "hold") this.#openHolds.add(record.attemptId, segment);
    else if (record.type === "attempt") this.#openHolds.close(record.attemptId);
  }

  /** The disk refused a write or a sync: nothing may be dispatched until it accepts again. */
  #fail(error: unknown, kept: readonly Line[]): void {
    if (!this.#isFailing) this.#options.logger.error({ err: error }, "the usage journal cannot be written");
    this.#isFailing = true;
    this.#keep(kept);
    // After an error the file may end in anything: whatever comes next goes to a new one.
    this.#writer.seal();
    this.#retryTimer ??= setTimeout(() => this.#recover(), this.#options.retryMs ?? 1_000).unref();
  }

  /** Ends of attempts are as many as calls under way; records of refused requests could be any number. */
  #keep(lines: readonly Line[]): void {
    for (const line of lines) {
      if (line.record.type === "request" && this.#unwritten.length >= mostUnwrittenRecords) this.#droppedRecords += 1;
      else this.#unwritten.push(line);
    }
  }

  #recover(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
    const lines = this.#unwritten;
    this.#unwritten = [];
    try {
      this.#writer.openSegment();
      if (lines.length > 0) this.#writeLines(lines);
    } catch (error) {
      this.#fail(error, lines);
      return;
    }
    this.#isFailing = false;
    const { logger } = this.#options;
    logger.info({ droppedRequestRecords: this.#droppedRecords }, "the usage journal can be written again");
    this.#droppedRecords = 0;
  }

  /** One at a time; whoever comes meanwhile gets the next one, which covers all that was written until it starts. */
  async #sync(): Promise<void> {
    while (this.#syncing !== null) await this.#syncing;
    this.#syncing = this.#writer.sync();
    try {
      await this.#syncing;
    } catch (error) {
      // A second fdatasync would report success for what the first one lost, so the file is given up.
      this.#fail(error, []);
      throw error;
    } finally {
      this.#syncing = null;
    }
  }
}

function isOfCall(record: JournalRecord, requestId: string): record is CallRecord {
  return (record.type === "attempt" || record.type === "request") && record.requestId === requestId;
}
