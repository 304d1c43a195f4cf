import { readdirSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { nodeJournalFiles, type JournalFiles } from "./journal-files.ts";
import { makeJournalFolder, openJournal, readNames, readRecords } from "../../test/settlement/journal-folder.ts";
import { attemptRecord, feedbackRecord, holdRecord, requestRecord } from "../../test/settlement/usage-records.ts";
import { soon } from "../../test/soon.ts";

function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: the test says so`), { code });
}

/** The real files, with faults that a test switches on and off. */
function faultyFiles() {
  const faults = {
    write: null as string | null,
    sync: null as string | null,
    halfWrites: false,
    truncate: null as string | null,
  };
  let writes = 0;
  let syncs = 0;
  const files: JournalFiles = {
    ...nodeJournalFiles,
    write(descriptor, bytes, offset) {
      writes += 1;
      if (faults.write !== null) {
        if (faults.halfWrites && offset === 0) {
          return nodeJournalFiles.write(descriptor, bytes.subarray(0, Math.ceil(bytes.length / 2)), 0);
        }
        throw diskError(faults.write);
      }
      return nodeJournalFiles.write(descriptor, bytes, offset);
    },
    truncate(descriptor, length) {
      if (faults.truncate !== null) throw diskError(faults.truncate);
      nodeJournalFiles.truncate(descriptor, length);
    },
    sync(descriptor) {
      syncs += 1;
      return faults.sync === null ? nodeJournalFiles.sync(descriptor) : Promise.reject(diskError(faults.sync));
    },
  };
  return { files, faults, counts: () => ({ writes, syncs }) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("Journal", { timeout: 30_000 }, () => {
  it("keeps the order of what is appended", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory);
    await journal.append(holdRecord("a1"));
    journal.appendEvent(attemptRecord("a1"));
    journal.appendEvent(requestRecord("r1"));
    await journal.append(holdRecord("a2"));
    expect(await readNames(directory)).toEqual(["hold a1", "attempt a1", "request r1", "hold a2"]);
    expect((await readRecords(directory))[0]).toEqual(holdRecord("a1"));
  });

  it("has a record in the file before its append resolves, and writes a turn's records together", async () => {
    const directory = makeJournalFolder();
    const { files, counts } = faultyFiles();
    const journal = openJournal(directory, { files });
    const before = counts().writes;
    const appends = Array.from({ length: 50 }, (_, index) => journal.append(holdRecord(`a${index}`)));
    expect(await readNames(directory)).toEqual([]);
    await appends[0];
    expect(await readNames(directory)).toHaveLength(50);
    expect(counts().writes - before).toBe(1);
  });

  it("says when the end of an attempt is in the file, which is at once where nothing waits to be written", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory);
    await journal.append(holdRecord("a1"));
    journal.appendEvent(attemptRecord("a1"));
    expect(await readNames(directory)).toEqual(["hold a1"]);
    await journal.written();
    expect(await readNames(directory)).toEqual(["hold a1", "attempt a1"]);
    await journal.written();
  });

  it.each(["always", { everyMs: 60_000 }] as const)(
    "lets no answer wait for a disk that fails (sync %j)",
    async (sync) => {
      const { files, faults } = faultyFiles();
      const journal = openJournal(makeJournalFolder(), { files, sync });
      await journal.append(holdRecord("a1"));
      Object.assign(faults, { write: "ENOSPC", sync: "EIO" });
      journal.appendEvent(attemptRecord("a1"));
      await journal.written();
      expect(journal.isWritable).toBe(false);
      journal.appendEvent(attemptRecord("a2"));
      await journal.written();
      Object.assign(faults, { write: null, sync: null });
    },
  );

  it("finds the records of a call, also while they cannot be written", async () => {
    const { files, faults } = faultyFiles();
    const journal = openJournal(makeJournalFolder(), { files, retryMs: 5 });
    const found = () => [...journal.ofCall("r1")].map(({ type }) => type);
    journal.appendEvent({ ...attemptRecord("a1"), requestId: "r1" });
    expect(found()).toEqual([]);
    await journal.written();
    expect(found()).toEqual(["attempt"]);
    faults.write = "ENOSPC";
    journal.appendEvent(requestRecord("r1"));
    journal.appendEvent(requestRecord("r2"));
    await journal.written();
    expect(found()[0]).toBe("request");
    faults.write = null;
    await expect.poll(() => journal.isWritable, soon).toBe(true);
    expect(new Set(found())).toEqual(new Set(["request", "attempt"]));
  });

  it("keeps feedback as long as half of it is free, so that no call is refused for want of room", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory, { maxBytes: 3_000 });
    await journal.appendFeedback(feedbackRecord("r1"));
    expect(await readNames(directory)).toEqual(["feedback r1"]);
    for (let index = 0; journal.bytes < 1_500; index += 1) {
      journal.appendEvent(requestRecord(`r${index}`));
      await turn();
    }
    await expect(journal.appendFeedback(feedbackRecord("r2"))).rejects.toThrow("does not accept feedback");
    expect(journal.isWritable).toBe(true);
  });

  it("rejects feedback that was not written, and does not write it later", async () => {
    const directory = makeJournalFolder();
    const { files, faults } = faultyFiles();
    const journal = openJournal(directory, { files, retryMs: 5 });
    faults.write = "ENOSPC";
    await expect(journal.appendFeedback(feedbackRecord("r1"))).rejects.toThrow("ENOSPC");
    faults.write = null;
    await vi.waitFor(() => expect(journal.isWritable).toBe(true), soon);
    expect(await readNames(directory)).toEqual([]);
  });

  it("goes on in another file when one is full, and says which ones are needed", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory, { segmentMaxBytes: 1_000 });
    for (let index = 0; index < 6; index += 1) await journal.append(holdRecord(`a${index}`));
    const segments = journal.segments();
    expect(segments.length).toBeGreaterThan(2);
    expect(segments.reduce((sum, { openHolds }) => sum + openHolds, 0)).toBe(6);
    expect(segments.slice(0, -1).every(({ isSealed }) => isSealed)).toBe(true);
    for (let index = 0; index < 6; index += 1) journal.appendEvent(attemptRecord(`a${index}`));
    await journal.flush();
    expect(journal.segments().every(({ openHolds }) => openHolds === 0)).toBe(true);
    const [first] = journal.segments();
    if (first === undefined) throw new Error("there is no segment");
    const bytes = journal.bytes;
    journal.remove(first);
    expect(journal.bytes).toBe(bytes - first.writtenBytes);
    expect(readdirSync(directory)).toHaveLength(journal.segments().length);
  });

  it("stops admitting at nine tenths of its size, and goes on closing what is under way", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory, { maxBytes: 20_000, segmentMaxBytes: 4_000 });
    let admitted = 0;
    while (journal.isWritable) {
      await journal.append(holdRecord(`a${admitted}`));
      admitted += 1;
    }
    expect(journal.bytes).toBeGreaterThanOrEqual(18_000);
    await expect(journal.append(holdRecord("one too many"))).rejects.toThrow("does not accept");
    for (let index = 0; index < admitted; index += 1) journal.appendEvent(attemptRecord(`a${index}`));
    // Above its size only what money depends on is still written.
    await journal.flush();
    journal.appendEvent(requestRecord("refused"));
    await journal.flush();
    const names = await readNames(directory);
    expect(names.filter((name) => name.startsWith("attempt"))).toHaveLength(admitted);
    expect(names).not.toContain("request refused");
    for (const segment of journal.segments()) if (segment.isSealed) journal.remove(segment);
    expect(journal.isWritable).toBe(true);
  });

  it.each(["ENOSPC", "EIO"])("refuses holds on %s, keeps what has ended, and recovers", async (code) => {
    const directory = makeJournalFolder();
    const { files, faults } = faultyFiles();
    const journal = openJournal(directory, { files, retryMs: 5 });
    await journal.append(holdRecord("a1"));
    faults.write = code;
    await expect(journal.append(holdRecord("never sent"))).rejects.toThrow(code);
    expect(journal.isWritable).toBe(false);
    journal.appendEvent(attemptRecord("a1"));
    journal.appendEvent(requestRecord("r1"));
    await turn();
    expect(await readNames(directory)).toEqual(["hold a1"]);
    faults.write = null;
    await expect.poll(() => journal.isWritable, soon).toBe(true);
    await journal.append(holdRecord("a2"));
    expect(await readNames(directory)).toEqual(["hold a1", "attempt a1", "request r1", "hold a2"]);
  });

  it("takes half a record back, so that a refused hold is never read", async () => {
    const directory = makeJournalFolder();
    const { files, faults } = faultyFiles();
    const journal = openJournal(directory, { files, retryMs: 5 });
    await journal.append(holdRecord("a1"));
    faults.write = "ENOSPC";
    faults.halfWrites = true;
    const refused = [journal.append(holdRecord("b1")), journal.append(holdRecord("b2"))];
    expect((await Promise.allSettled(refused)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    faults.write = null;
    await expect.poll(() => journal.isWritable, soon).toBe(true);
    await journal.append(holdRecord("a2"));
    expect(await readNames(directory)).toEqual(["hold a1", "hold a2"]);
  });

  it("voids refused holds where not even that is possible", async () => {
    const directory = makeJournalFolder();
    const { files, faults } = faultyFiles();
    const journal = openJournal(directory, { files, retryMs: 5 });
    faults.write = "EIO";
    faults.truncate = "EIO";
    await expect(journal.append(holdRecord("a1"))).rejects.toThrow("could not be taken back");
    faults.write = null;
    await expect.poll(() => journal.isWritable, soon).toBe(true);
    expect(await readRecords(directory)).toMatchObject([{ type: "attempt", attemptId: "a1", closing: "void" }]);
  });

  it("leaves no trail of empty files while the disk is full", async () => {
    const directory = makeJournalFolder();
    const { files, faults, counts } = faultyFiles();
    const journal = openJournal(directory, { files, retryMs: 1 });
    faults.write = "ENOSPC";
    await expect(journal.append(holdRecord("a1"))).rejects.toThrow("ENOSPC");
    await expect.poll(() => counts().writes, soon).toBeGreaterThan(10);
    expect(readdirSync(directory).length).toBeLessThanOrEqual(2);
    faults.write = null;
    await expect.poll(() => journal.isWritable, soon).toBe(true);
  });

  describe("with sync always", () => {
    it("has a record on the disk before its append resolves, with few syncs for many records", async () => {
      const { files, counts } = faultyFiles();
      const journal = openJournal(makeJournalFolder(), { files, sync: "always" });
      const before = counts().syncs;
      await Promise.all(Array.from({ length: 100 }, (_, index) => journal.append(holdRecord(`a${index}`))));
      expect(counts().syncs - before).toBe(1);
    });

    it("syncs a file that became full as well", async () => {
      const { files, faults } = faultyFiles();
      const journal = openJournal(makeJournalFolder(), { files, sync: "always", segmentMaxBytes: 500, retryMs: 5 });
      faults.sync = "EIO";
      await expect(journal.append(holdRecord("a1"))).rejects.toThrow("EIO");
      faults.sync = null;
    });

    it("voids holds that may be on the disk although they were refused", async () => {
      const directory = makeJournalFolder();
      const { files, faults } = faultyFiles();
      const journal = openJournal(directory, { files, sync: "always", retryMs: 5 });
      faults.sync = "EIO";
      await expect(journal.append(holdRecord("a1"))).rejects.toThrow("EIO");
      expect(journal.isWritable).toBe(false);
      faults.sync = null;
      await expect.poll(() => journal.isWritable, soon).toBe(true);
      await journal.flush();
      const records = await readRecords(directory);
      expect(records.map(({ type }) => type)).toEqual(["hold", "attempt"]);
      expect(records[1]).toMatchObject({ attemptId: "a1", closing: "void", costPicoUsd: "0" });
    });
  });

  it("gives a file up after a failed background sync instead of trusting a second one", async () => {
    const { files, faults } = faultyFiles();
    const journal = openJournal(makeJournalFolder(), { files, sync: { everyMs: 5 }, retryMs: 5 });
    await journal.append(holdRecord("a1"));
    const [segment] = journal.segments();
    faults.sync = "EIO";
    await expect.poll(() => journal.isWritable, soon).toBe(false);
    expect(segment?.isSealed).toBe(true);
    faults.sync = null;
    await expect.poll(() => journal.isWritable, soon).toBe(true);
    await journal.append(holdRecord("a2"));
    expect(journal.segments().length).toBeGreaterThan(1);
  });
});
