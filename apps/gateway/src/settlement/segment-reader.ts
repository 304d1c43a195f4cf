import { open, type FileHandle } from "node:fs/promises";
import type { JournalRecord } from "@switchyard/metering/usage-event";
import type { SegmentHeader } from "./journal-segment.ts";

export interface SegmentLine {
  /** Null for a line that is no record: torn by a crash, or damaged. */
  readonly record: JournalRecord | SegmentHeader | null;
  /** Position after the line. */
  readonly end: number;
}

/** Which lines are worth parsing: a shipper has no use for holds, which are a third of them. */
export type WantedLines = "all" | "events";

const chunkBytes = 256 * 1024;
/** How a hold begins: `type` is the first key of every record. */
const holdStart = Buffer.from('{"type":"hold",');
const newline = 0x0a;

/**
 * Reads the lines of a segment from one position to another, a chunk at a time. A last line without its end was torn by
 * a crash: nobody was told that it had been written, so it is passed over.
 */
export async function* readSegment(
  path: string,
  from: number,
  to: number,
  wanted: WantedLines = "all",
): AsyncGenerator<SegmentLine> {
  const file = await open(path, "r");
  try {
    let position = from;
    let size = chunkBytes;
    while (position < to) {
      const chunk = await readChunk(file, position, Math.min(size, to - position));
      if (chunk.length === 0) return;
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        if (wanted === "all" || !startsWithHold(chunk, start)) {
          yield { record: parseLine(chunk.toString("utf8", start, end)), end: position + end + 1 };
        }
        start = end + 1;
      }
      if (start === 0 && position + chunk.length >= to) return;
      // A line longer than the chunk: take a longer one.
      size = start === 0 ? size * 2 : chunkBytes;
      position += start;
    }
  } finally {
    await file.close();
  }
}

async function readChunk(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function startsWithHold(chunk: Buffer, start: number): boolean {
  return chunk.compare(holdStart, 0, holdStart.length, start, Math.min(start + holdStart.length, chunk.length)) === 0;
}

function parseLine(text: string): SegmentLine["record"] {
  try {
    const record = JSON.parse(text) as SegmentLine["record"];
    return typeof record?.type === "string" ? record : null;
  } catch {
    return null;
  }
}
