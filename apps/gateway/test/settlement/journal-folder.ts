/** A journal in a temporary folder of the test that asks for it. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalRecord } from "@switchyard/metering/usage-event";
import { onTestFinished } from "vitest";
import { listSegments } from "../../src/settlement/journal-directory.ts";
import { Journal, type JournalOptions } from "../../src/settlement/journal.ts";
import { readSegment } from "../../src/settlement/segment-reader.ts";

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function makeJournalFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), "switchyard-journal-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function openJournal(directory: string, more: Partial<JournalOptions> = {}): Journal {
  const journal = new Journal({
    directory,
    identity: { gatewayId: "gateway", bootId: randomUUID(), region: null, startedAtMs: Date.now() },
    kernelBootId: "kernel-boot",
    sync: { everyMs: 1_000 },
    maxBytes: 1024 ** 3,
    earlierBytes: 0,
    logger: silentLog,
    ...more,
  });
  onTestFinished(() => journal.close());
  return journal;
}

/** Every record that is in the files of a folder, in order. */
export async function readRecords(directory: string): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (const segment of listSegments(directory)) {
    for await (const { record } of readSegment(segment.path, 0, segment.writtenBytes)) {
      if (record !== null && record.type !== "segment") records.push(record);
    }
  }
  return records;
}

/** Ids of the attempts (hold or close), and of the requests that ended or were rated, in a folder, as "hold a1". */
export async function readNames(directory: string): Promise<string[]> {
  const records = await readRecords(directory);
  return records.map((record) => `${record.type} ${"attemptId" in record ? record.attemptId : record.requestId}`);
}
