/** Writes the files of a journal: records are appended to one, and those before it are sealed. Failures are thrown. */
import { join } from "node:path";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";
import { deleteSegment } from "./journal-directory.ts";
import { nodeJournalFiles, type JournalFiles } from "./journal-files.ts";
import { segmentHeader, segmentName, type JournalSegment } from "./journal-segment.ts";
import { RecentRecords } from "./recent-records.ts";

export interface SegmentWriterOptions {
  readonly directory: string;
  readonly identity: GatewayProcessIdentity;
  readonly kernelBootId: string | null;
  /** What earlier boots left in the folder. */
  readonly earlierBytes: number;
  readonly segmentMaxBytes?: number;
  readonly files?: JournalFiles;
}

/** A write failed, and part of it may still be in the file. */
export class UncertainWriteError extends Error {
  override readonly name = "UncertainWriteError";
}

const defaultSegmentMaxBytes = 16 * 1024 * 1024;

export class SegmentWriter {
  readonly recent = new RecentRecords();
  readonly #options: SegmentWriterOptions;
  readonly #files: JournalFiles;
  readonly #segments: JournalSegment[] = [];
  #descriptor: number | null = null;
  #bytes: number;
  #sequence = 0;
  #headerBytes = 0;
  #isDirty = false;
  /** The syncs of files that were finished since the last sync. */
  #sealing: Promise<unknown> | null = null;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#files = options.files ?? nodeJournalFiles;
    this.#bytes = options.earlierBytes;
  }

  /** Of all files in the folder. */
  get bytes(): number {
    return this.#bytes;
  }

  segments(): readonly JournalSegment[] {
    return [...this.#segments];
  }

  /**
   * Appends whole lines to the open file, and answers which it was. Throws where they are not all in it; nothing of them is
   * then, unless it is an UncertainWriteError.
   */
  append(lines: readonly { readonly text: string }[]): JournalSegment {
    const segment = this.openSegment();
    this.#write(segment, this.recent.encode(lines));
    if (segment.writtenBytes >= (this.#options.segmentMaxBytes ?? defaultSegmentMaxBytes)) this.seal();
    return segment;
  }

  /** The file that is written to: a new one where none is open. */
  openSegment(): JournalSegment {
    const last = this.#segments.at(-1);
    return last === undefined || last.isSealed ? this.#begin() : last;
  }

  /** Whether it is the file that is written to, and holds nothing but its header. */
  isUnused(segment: JournalSegment): boolean {
    return segment === this.#segments.at(-1) && !segment.isSealed && segment.writtenBytes === this.#headerBytes;
  }

  /** Nothing is added to the open file any more. */
  seal(): void {
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

  /** Counts a file that is not needed any more as gone, and deletes it. */
  remove(segment: JournalSegment): void {
    const index = this.#segments.indexOf(segment);
    if (index !== -1) this.#segments.splice(index, 1);
    deleteSegment(segment);
    this.#bytes -= segment.writtenBytes;
  }

  /** Puts on the disk what was written until now. Rejects where that failed for any file since the last sync. */
  async sync(): Promise<void> {
    const sealing = this.#sealing;
    this.#sealing = null;
    const synced = this.#isDirty && this.#descriptor !== null ? this.#files.sync(this.#descriptor) : null;
    this.#isDirty = false;
    await Promise.all([sealing, synced]);
  }

  #begin(): JournalSegment {
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
      this.#write(segment, Buffer.from(`${JSON.stringify(segmentHeader(identity, kernelBootId))}\n`));
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

  #write(segment: JournalSegment, bytes: Uint8Array): void {
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
}
