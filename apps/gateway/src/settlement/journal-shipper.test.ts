import { appendFileSync, readdirSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { listSegments } from "./journal-directory.ts";
import { JournalShipper, type JournalShipperOptions } from "./journal-shipper.ts";
import type { Journal } from "./journal.ts";
import { makeJournalFolder, openJournal, silentLog } from "../../test/settlement/journal-folder.ts";
import { LedgerModel } from "../../test/settlement/ledger-model.ts";
import { attemptRecord, holdRecord, requestRecord } from "../../test/settlement/usage-records.ts";
import { soon } from "../../test/soon.ts";

function ship(
  journal: JournalShipperOptions["source"],
  ledger: LedgerModel,
  more: Partial<JournalShipperOptions> = {},
) {
  const shipper = new JournalShipper({
    gatewayId: "gateway",
    bootId: "boot",
    source: journal,
    queue: ledger,
    ingested: ledger,
    logger: silentLog,
    everyMs: 1,
    acknowledgeEveryMs: 1,
    ...more,
  });
  shipper.start();
  onTestFinished(() => shipper.stop());
  return shipper;
}

async function appendAttempts(journal: Journal, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => journal.append(holdRecord(name))));
  for (const name of names) journal.appendEvent(attemptRecord(name));
  await journal.flush();
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe("JournalShipper", { timeout: 30_000 }, () => {
  it("carries events into the ledger in order, and never a hold", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    const shipper = ship(journal, ledger);
    await appendAttempts(journal, ["a1", "a2"]);
    journal.appendEvent(requestRecord("r1"));
    await journal.flush();
    await expect.poll(() => ledger.events.size, soon).toBe(3);
    expect([...ledger.events.keys()]).toEqual(["attempt a1", "attempt a2", "request r1"]);
    expect(ledger.events.get("attempt a1")).toEqual(attemptRecord("a1"));
    await expect.poll(() => shipper.acknowledgedEvents, soon).toBe(3);
  });

  it("sends at most 500 events in a batch, and each one once", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    await appendAttempts(journal, named("a", 1_234));
    const shipper = ship(journal, ledger);
    await expect.poll(() => shipper.acknowledgedEvents, soon).toBe(1_234);
    expect(ledger.events.size).toBe(1_234);
    expect(ledger.adds).toBe(3);
  });

  it("deletes a file only when the ledger has all of it and no attempt is open in it", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory, { segmentMaxBytes: 4_000 });
    const ledger = new LedgerModel();
    ledger.isIngesting = false;
    await journal.append(holdRecord("open"));
    for (const name of named("a", 20)) await appendAttempts(journal, [name]);
    const files = readdirSync(directory).length;
    expect(files).toBeGreaterThan(3);
    ship(journal, ledger);
    await expect.poll(() => ledger.jobs.size, soon).toBeGreaterThan(0);
    expect(readdirSync(directory)).toHaveLength(files);
    ledger.isIngesting = true;
    ledger.ingest();
    // The first file has the open attempt, the last one is being written to.
    await expect.poll(() => readdirSync(directory).length, soon).toBe(2);
    journal.appendEvent(attemptRecord("open"));
    await journal.flush();
    await expect.poll(() => readdirSync(directory).length, soon).toBe(1);
  });

  it("lets go of the last file too when nothing has happened for a while, and keeps an empty one", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory);
    const ledger = new LedgerModel();
    await appendAttempts(journal, ["a1"]);
    ship(journal, ledger, { sealAfterMs: 5 });
    await expect.poll(() => journal.segments().map(({ sequence }) => sequence), soon).toEqual([2]);
    expect(readdirSync(directory)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(journal.segments().map(({ sequence }) => sequence)).toEqual([2]);
    await appendAttempts(journal, ["a2"]);
    await expect.poll(() => ledger.events.size, soon).toBe(2);
  });

  it("keeps everything in the files while the queue is away, and then loses nothing", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory, { segmentMaxBytes: 20_000 });
    const ledger = new LedgerModel();
    ledger.isQueueAway = true;
    const shipper = ship(journal, ledger);
    await appendAttempts(journal, named("a", 300));
    await expect.poll(() => ledger.adds, soon).toBeGreaterThan(1);
    expect(ledger.events.size).toBe(0);
    ledger.isQueueAway = false;
    await appendAttempts(journal, named("b", 300));
    expect(await shipper.drain(10_000)).toBe(true);
    expect(ledger.events.size).toBe(600);
  });

  it("sends a batch whose answer got lost again, and it counts once", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    ledger.losesAnswers = true;
    await appendAttempts(journal, ["a1"]);
    const shipper = ship(journal, ledger);
    await expect.poll(() => ledger.adds, soon).toBeGreaterThan(1);
    ledger.losesAnswers = false;
    expect(await shipper.drain(10_000)).toBe(true);
    expect([...ledger.events.keys()]).toEqual(["attempt a1"]);
  });

  it("sends a batch that does not arrive again: first under its own job id, then under another", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    ledger.isIngesting = false;
    await appendAttempts(journal, ["a1"]);
    const shipper = ship(journal, ledger, { resendAfterMs: 5 });
    await expect.poll(() => ledger.adds, soon).toBeGreaterThanOrEqual(3);
    const [first, second, third] = ledger.triedJobIds;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    ledger.ingest();
    expect(await shipper.drain(10_000)).toBe(true);
    expect(ledger.events.size).toBe(1);
  });

  it("survives the loss of the whole queue", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    ledger.isIngesting = false;
    await appendAttempts(journal, named("a", 700));
    const shipper = ship(journal, ledger, { resendAfterMs: 5 });
    await expect.poll(() => ledger.jobs.size, soon).toBeGreaterThanOrEqual(2);
    ledger.jobs.clear();
    ledger.isIngesting = true;
    expect(await shipper.drain(10_000)).toBe(true);
    expect(ledger.events.size).toBe(700);
  });

  it("does not count the time in which nothing could arrive", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    ledger.isIngesting = false;
    ledger.isDatabaseAway = true;
    await appendAttempts(journal, ["a1"]);
    const shipper = ship(journal, ledger, { resendAfterMs: 1 });
    await expect.poll(() => ledger.adds, soon).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ledger.adds).toBe(1);
    ledger.isDatabaseAway = false;
    ledger.ingest();
    expect(await shipper.drain(10_000)).toBe(true);
  });

  it("passes over a torn end and a damaged line", async () => {
    const directory = makeJournalFolder();
    const journal = openJournal(directory);
    await appendAttempts(journal, ["a1"]);
    await journal.close();
    const [segment] = listSegments(directory);
    if (segment === undefined) throw new Error("there is no segment");
    const torn = `\0\0\0\0\n{"type":"att\n${JSON.stringify(attemptRecord("a2"))}\n${JSON.stringify(attemptRecord("torn")).slice(0, 40)}`;
    appendFileSync(segment.path, torn);
    const ledger = new LedgerModel();
    const files = listSegments(directory);
    const source = { segments: () => [...files], remove: () => void files.pop(), seal: () => undefined };
    expect(await ship(source, ledger).drain(10_000)).toBe(true);
    expect([...ledger.events.keys()]).toEqual(["attempt a1", "attempt a2"]);
  });

  it("reads records longer than what it reads at once", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    const warnings = Array.from({ length: 20_000 }, () => "a warning of thirty-odd characters");
    journal.appendEvent(requestRecord("long", { warnings }));
    journal.appendEvent(requestRecord("short"));
    await journal.flush();
    expect(await ship(journal, ledger).drain(10_000)).toBe(true);
    expect(ledger.events.get("request long")).toMatchObject({ warnings: { length: 20_000 } });
    expect(ledger.events.has("request short")).toBe(true);
  });

  it.each([
    ["the queue is away", { isQueueAway: true }],
    ["the database is away", { isIngesting: false, isDatabaseAway: true }],
  ])("ends a drain early when %s", async (_name, trouble) => {
    const journal = openJournal(makeJournalFolder());
    const ledger = Object.assign(new LedgerModel(), trouble);
    await appendAttempts(journal, ["a1"]);
    // A drain that waited for its deadline would outlast the test.
    expect(await ship(journal, ledger).drain(600_000)).toBe(false);
  });

  it("ends a drain early when everything is in the queue and nobody takes it out", async () => {
    const journal = openJournal(makeJournalFolder());
    const ledger = new LedgerModel();
    ledger.isIngesting = false;
    await appendAttempts(journal, ["a1"]);
    expect(await ship(journal, ledger).drain(600_000)).toBe(false);
    expect(ledger.jobs.size).toBe(1);
  });
});
