/**
 * The append-only journal of this process. Records of one turn of the event loop are written together with one write();
 * from then on kill -9 cannot lose them. fdatasync follows at an interval, or before a record counts as written
 * ("always"). A hold that could not be written is refused; the end of an attempt that could not be written is kept and
 * written as soon as that is possible again, before anything else.
 */
import { join } from "node:path";
import type { FeedbackRecord, HoldRecord, JournalRecord, UsageEvent } from "@switchyard/metering/usage-event";
import type { Logger } from "@switchyard/telemetry/logger";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";
import { HoldJournal } from "../admission/hold-journal.ts";
import { closeUnsentAttempt } from "./close-attempt.ts";
import { deleteSegment } from "./journal-directory.ts";
import { nodeJournalFiles, type JournalFiles } from "./journal-files.ts";
import { segmentHeader, segmentName, type JournalSegment } from "./journal-segment.ts";
import type { SettlementOptions } from "./settlement-options.ts";

export interface JournalOptions {
  readonly directory: string;
  readonly identity: GatewayProcessIdentity;
  readonly kernelBootId: string | null;
  readonly sync: SettlementOptions["journalSync"];
  readonly maxBytes: number;
  /** What earlier boots left in the folder. */
  readonly earlierBytes: number;
  readonly logger: Pick<Logger, "error" | "info">;
  readonly segmentMaxBytes?: number;
  readonly files?: JournalFiles;
  readonly retryMs?: number;
}

interface Line {
  readonly record: JournalRecord;
  readonly text: string;
}

/** Records that are written together. */
interface Group {
  readonly lines: Line[];
  readonly written: PromiseWithResolvers<void>;
}

/** A write failed, and part of it may still be in the file. */
class UncertainWriteError extends Error {
  override readonly name = "UncertainWriteError";
}

const scratchBytes = 64 * 1024;
/** Of UTF-8, for a unit of a JavaScript string. */
const mostBytesPerUnit = 3;
const defaultSegmentMaxBytes = 16 * 1024 * 1024;
const admittingPart = 0.9;
/** The rest of the journal is for calls: what people say of them must never be why one is refused. */
const feedbackPart = 0.5;
const mostUnwrittenRecords = 20_000;

export class Journal extends HoldJournal {
  readonly #options: JournalOptions;
  readonly #files: JournalFiles;
  readonly #segments: JournalSegment[] = [];
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  /** In which file the hold of an open attempt stands. */
  readonly #openHolds = new Map<string, JournalSegment>();
  #descriptor: number | null = null;
  #group: Group | null = null;
  /** Ends of attempts and requests that wait for the disk to accept writes again. */
  #unwritten: Line[] = [];
  #droppedRecords = 0;
  #bytes: number;
  #eventCount = 0;
  #sequence = 0;
  #headerBytes = 0;
  #isFailing = false;
  #isDirty = false;
  #syncing: Promise<void> | null = null;
  /** The syncs of files that were finished since the last sync. */
  #sealing: Promise<unknown> | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;

  constructor(options: JournalOptions) {
    super();
    this.#options = options;
    this.#files = options.files ?? nodeJournalFiles;
    this.#bytes = options.earlierBytes;
    this.#openSegment();
    if (options.sync !== "always") {
      const syncQuietly = (): void => void this.#sync().catch(() => undefined);
      this.#syncTimer = setInterval(syncQuietly, options.sync.everyMs).unref();
    }
  }

  get isWritable(): boolean {
    return !this.#isFailing && this.#bytes < this.#options.maxBytes * admittingPart;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Attempts and requests that were appended since this process started. */
  get eventCount(): number {
    return this.#eventCount;
  }

  segments(): readonly JournalSegment[] {
    return [...this.#segments];
  }

  append(hold: HoldRecord): Promise<void> {
    if (!this.isWritable) return Promise.reject(new Error("the journal does not accept holds"));
    return this.#add({ record: hold, text: `${JSON.stringify(hold)}\n` }).written.promise;
  }

  /** Resolves once it was written; rejects where it cannot be kept, which is earlier than holds are refused. */
  appendFeedback(feedback: FeedbackRecord): Promise<void> {
    if (!this.isWritable || this.#bytes >= this.#options.maxBytes * feedbackPart) {
      return Promise.reject(new Error("the journal does not accept feedback"));
    }
    this.#eventCount += 1;
    return this.#add({ record: feedback, text: `${JSON.stringify(feedback)}\n` }).written.promise;
  }

  /** Never throws and never waits: what cannot be written now is written later. */
  appendEvent(event: UsageEvent): void {
    if (event.type === "request" && this.#bytes >= this.#options.maxBytes) {
      this.#droppedRecords += 1;
      return;
    }
    this.#eventCount += 1;
    const line = { record: event, text: `${JSON.stringify(event)}\n` };
    if (this.#isFailing) this.#keep([line]);
    else this.#add(line);
  }

  /** Writes what waits for the end of this turn of the event loop now, and puts it on the disk. */
  async flush(): Promise<void> {
    this.#write();
    if (this.#isFailing) this.#recover();
    // A failure has been dealt with and told where it happened.
    await this.#sync().catch(() => undefined);
  }

  /** Counts a file that is not needed any more as gone, and deletes it. */
  remove(segment: JournalSegment): void {
    const index = this.#segments.indexOf(segment);
    if (index !== -1) this.#segments.splice(index, 1);
    deleteSegment(segment);
    this.#bytes -= segment.writtenBytes;
  }

  /**
   * Goes on in another file, so that this one can be deleted. A file of this boot stays in any case: it is what tells the
   * next one that this boot's leases have to be released.
   */
  seal(segment: JournalSegment): void {
    const isOpen = segment === this.#segments.at(-1) && !segment.isSealed;
    if (!isOpen || this.#group !== null || this.#isFailing || segment.writtenBytes === this.#headerBytes) return;
    this.#sealSegment();
    try {
      this.#openSegment();
    } catch (error) {
      this.#fail(error, []);
    }
  }

  async close(): Promise<void> {
    if (this.#syncTimer !== null) clearInterval(this.#syncTimer);
    await this.flush();
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#sealSegment();
    await this.#sealing?.catch(() => undefined);
  }

  #add(line: Line): Group {
    if (this.#group === null) {
      this.#group = { lines: [], written: Promise.withResolvers() };
      // Who appends an event does not wait; who appends a hold does, and hears of the failure.
      this.#group.written.promise.catch(() => undefined);
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
      group.written.reject(error);
      return;
    }
    if (this.#options.sync === "always") void this.#syncGroup(group);
    else group.written.resolve();
  }

  async #syncGroup({ lines, written }: Group): Promise<void> {
    try {
      await this.#sync();
      written.resolve();
    } catch (error) {
      this.#voidHolds(lines);
      written.reject(error);
    }
  }

  /** These holds may be in a file but will not be dispatched: like every attempt that was not sent, they are voided. */
  #voidHolds(lines: readonly Line[]): void {
    for (const { record } of lines) {
      if (record.type === "hold") this.appendEvent(closeUnsentAttempt(record, Date.now()));
    }
  }

  #writeLines(lines: readonly Line[]): void {
    const segment = this.#segmentToWrite();
    this.#writeBytes(segment, this.#encode(lines));
    for (const { record } of lines) this.#track(record, segment);
    if (segment.writtenBytes >= (this.#options.segmentMaxBytes ?? defaultSegmentMaxBytes)) this.#sealSegment();
  }

  #writeBytes(segment: JournalSegment, bytes: Uint8Array): void {
    if (this.#descriptor === null) throw new Error("the journal is closed");
    try {
      for (let offset = 0; offset < bytes.length;) {
        const written = this.#files.write(this.#descriptor, bytes, offset);
        if (written === 0) throw new Error("nothing was written");
        offset += written;
      }
    } catch (error) {
      this.#takeBack(this.#descriptor, segment, error);
      throw error;
    }
    segment.writtenBytes += bytes.length;
    this.#bytes += bytes.length;
    this.#isDirty = true;
  }

  /** What was written in part goes, so that no record that was refused can be read later. */
  #takeBack(descriptor: number, segment: JournalSegment, cause: unknown): void {
    try {
      this.#files.truncate(descriptor, segment.writtenBytes);
    } catch {
      throw new UncertainWriteError("a failed write could not be taken back", { cause });
    }
  }

  /** Into memory of our own, because what is written is copied at once; a large group gets some that it takes along. */
  #encode(lines: readonly Line[]): Uint8Array {
    const length = lines.reduce((sum, { text }) => sum + text.length, 0);
    if (length * mostBytesPerUnit > this.#scratch.length) return Buffer.from(lines.map(({ text }) => text).join(""));
    let written = 0;
    for (const { text } of lines) written += this.#scratch.write(text, written);
    return this.#scratch.subarray(0, written);
  }

  #track(record: JournalRecord, segment: JournalSegment): void {
    if (record.type === "hold") {
      segment.openHolds += 1;
      this.#openHolds.set(record.attemptId, segment);
    } else if (record.type === "attempt") {
      const held = this.#openHolds.get(record.attemptId);
      if (held !== undefined) held.openHolds -= 1;
      this.#openHolds.delete(record.attemptId);
    }
  }

  #segmentToWrite(): JournalSegment {
    const last = this.#segments.at(-1);
    return last === undefined || last.isSealed ? this.#openSegment() : last;
  }

  #openSegment(): JournalSegment {
    const { directory, identity, kernelBootId } = this.#options;
    this.#sequence += 1;
    const path = join(directory, segmentName(identity, this.#sequence));
    this.#descriptor = this.#files.open(path);
    const segment: JournalSegment = {
      path,
      bootId: identity.bootId,
      sequence: this.#sequence,
      writtenBytes: 0,
      isSealed: false,
      openHolds: 0,
    };
    try {
      this.#writeBytes(segment, Buffer.from(`${JSON.stringify(segmentHeader(identity, kernelBootId))}\n`));
      this.#headerBytes = segment.writtenBytes;
    } catch (error) {
      this.#files.close(this.#descriptor);
      this.#descriptor = null;
      deleteSegment(segment);
      throw error;
    }
    this.#segments.push(segment);
    return segment;
  }

  #sealSegment(): void {
    const segment = this.#segments.at(-1);
    const descriptor = this.#descriptor;
    if (segment === undefined || segment.isSealed || descriptor === null) return;
    segment.isSealed = true;
    this.#descriptor = null;
    // What is in the file must reach the disk even though nobody writes to it any more.
    const synced = this.#files.sync(descriptor).finally(() => this.#files.close(descriptor));
    this.#sealing = Promise.all([this.#sealing, synced]);
    // Whoever syncs next hears of a failure.
    this.#sealing.catch(() => undefined);
  }

  /** The disk refused a write or a sync: nothing may be dispatched until it accepts again. */
  #fail(error: unknown, kept: readonly Line[]): void {
    if (!this.#isFailing) this.#options.logger.error({ err: error }, "the usage journal cannot be written");
    this.#isFailing = true;
    this.#keep(kept);
    // After an error the file may end in anything: whatever comes next goes to a new one.
    this.#sealSegment();
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
      this.#segmentToWrite();
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
    const sealing = this.#sealing;
    this.#sealing = null;
    this.#syncing = this.#syncOpenFile(sealing);
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

  async #syncOpenFile(sealing: Promise<unknown> | null): Promise<void> {
    const synced = this.#isDirty && this.#descriptor !== null ? this.#files.sync(this.#descriptor) : null;
    this.#isDirty = false;
    await Promise.all([sealing, synced]);
  }
}
