import { appendFileSync, readdirSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { deleteSegment, listSegments } from "./journal-directory.ts";
import { JournalReplay, type JournalReplayOptions } from "./journal-replay.ts";
import { makeJournalFolder, openJournal, silentLog } from "../../test/settlement/journal-folder.ts";
import { LedgerModel } from "../../test/settlement/ledger-model.ts";
import { attemptRecord, holdRecord, requestRecord } from "../../test/settlement/usage-records.ts";
import { soon } from "../../test/soon.ts";

const identity = { gatewayId: "gateway", bootId: "new boot", region: null, startedAtMs: Date.now() };
const deadBoot = "01890000-0000-7000-8000-000000000001";
const deadIdentity = { ...identity, bootId: deadBoot, startedAtMs: 1_700_000_000_000 };

const lease = { quotaId: "q", windowStartMs: 0, leaseId: "lease", heldPicoUsd: "1000" };

/** Two calls under way, one that ended, one that was ending: what a killed process leaves. */
async function leaveJournalOfDeadProcess(directory: string): Promise<void> {
  const journal = openJournal(directory, { identity: deadIdentity, segmentMaxBytes: 1_500 });
  await journal.append(holdRecord("done", { requestId: "r-done" }));
  journal.appendEvent(attemptRecord("done", { requestId: "r-done" }));
  journal.appendEvent(requestRecord("r-done"));
  await journal.append(holdRecord("failed", { requestId: "r-lost" }));
  journal.appendEvent(attemptRecord("failed", { requestId: "r-lost", costPicoUsd: "30", lines: [] }));
  await journal.append(holdRecord("lost", { requestId: "r-lost", attemptNumber: 2, quotas: [lease] }));
  await journal.append(holdRecord("also lost", { requestId: "r-lost-too", holdPicoUsd: "7" }));
  await journal.flush();
  const last = journal.segments().at(-1);
  if (last === undefined) throw new Error("there is no segment");
  appendFileSync(last.path, '{"type":"attempt","attemptId":"lost","torn');
}

function replay(directory: string, ledger: LedgerModel, more: Partial<JournalReplayOptions> = {}) {
  const released: string[] = [];
  const replaying = new JournalReplay({
    identity,
    kernelBootId: "kernel-boot",
    segments: listSegments(directory),
    queue: ledger,
    ingested: ledger,
    remove: deleteSegment,
    releaseBoot: async (bootId) => void released.push(bootId),
    logger: silentLog,
    shipper: { everyMs: 1, acknowledgeEveryMs: 1 },
    retryMs: 1,
    ...more,
  });
  replaying.start();
  onTestFinished(() => replaying.stop());
  return { replaying, released };
}

describe("JournalReplay", { timeout: 30_000 }, () => {
  it("closes what was open at its hold, ships everything, and then gives the leases back", async () => {
    const directory = makeJournalFolder();
    await leaveJournalOfDeadProcess(directory);
    const ledger = new LedgerModel();
    const { replaying, released } = replay(directory, ledger);
    await expect.poll(() => replaying.isDone, soon).toBe(true);
    expect([...ledger.events.keys()].toSorted()).toEqual([
      "attempt also lost",
      "attempt done",
      "attempt failed",
      "attempt lost",
      "request r-done",
      "request r-lost",
      "request r-lost-too",
    ]);
    expect(ledger.events.get("attempt lost")).toMatchObject({
      closing: "settle",
      verdict: "errored",
      failureClass: "process_lost",
      usageSource: "upper_bound",
      costPicoUsd: "1000",
      quotas: [{ ...lease, chargedPicoUsd: "1000", overrunPicoUsd: "0" }],
    });
    // 30 of the attempt that had been closed, 1,000 of the one that had not.
    expect(ledger.events.get("request r-lost")).toMatchObject({ attempts: 2, costPicoUsd: "1030", verdict: "errored" });
    expect(released).toEqual([deadBoot]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("does not give leases back before the ledger has everything", async () => {
    const directory = makeJournalFolder();
    await leaveJournalOfDeadProcess(directory);
    const ledger = new LedgerModel();
    ledger.isIngesting = false;
    const { replaying, released } = replay(directory, ledger);
    await expect.poll(() => ledger.jobs.size, soon).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(released).toEqual([]);
    ledger.isIngesting = true;
    ledger.ingest();
    await expect.poll(() => replaying.isDone, soon).toBe(true);
    expect(released).toEqual([deadBoot]);
  });

  it("keeps the leases counted as used when the machine itself was restarted", async () => {
    const directory = makeJournalFolder();
    await leaveJournalOfDeadProcess(directory);
    const ledger = new LedgerModel();
    const { replaying, released } = replay(directory, ledger, { kernelBootId: "another kernel boot" });
    await expect.poll(() => replaying.isDone, soon).toBe(true);
    expect(ledger.events.size).toBe(7);
    expect(released).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("goes on after being killed itself, at any step, and closes nothing twice", async () => {
    const directory = makeJournalFolder();
    await leaveJournalOfDeadProcess(directory);
    const ledger = new LedgerModel();
    ledger.isQueueAway = true;
    // Killed after the closings were written, before anything was shipped.
    const first = replay(directory, ledger);
    await expect.poll(() => ledger.adds, soon).toBeGreaterThan(0);
    await first.replaying.stop();
    // Killed after everything was shipped, before the leases were given back.
    ledger.isQueueAway = false;
    const second = replay(directory, ledger, { releaseBoot: () => Promise.reject(new Error("not yet")) });
    await expect.poll(() => ledger.events.size, soon).toBe(7);
    await second.replaying.stop();
    expect(readdirSync(directory).length).toBeGreaterThan(0);
    const third = replay(directory, ledger);
    await expect.poll(() => third.replaying.isDone, soon).toBe(true);
    expect(third.released).toEqual([deadBoot]);
    expect(ledger.events.size).toBe(7);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("repeats giving back until the database takes it", async () => {
    const directory = makeJournalFolder();
    await leaveJournalOfDeadProcess(directory);
    let tries = 0;
    const releaseBoot = async () => {
      tries += 1;
      if (tries < 4) throw new Error("send a heartbeat first");
    };
    const { replaying } = replay(directory, new LedgerModel(), { releaseBoot });
    await expect.poll(() => replaying.isDone, soon).toBe(true);
    expect(tries).toBe(4);
  });

  it("settles several boots, oldest first", async () => {
    const directory = makeJournalFolder();
    const later = "01890000-0000-7000-8000-000000000002";
    const journal = openJournal(directory, {
      identity: { ...deadIdentity, bootId: later, startedAtMs: 1_750_000_000_000 },
    });
    await journal.append(holdRecord("of the later boot"));
    await leaveJournalOfDeadProcess(directory);
    const ledger = new LedgerModel();
    const { replaying, released } = replay(directory, ledger);
    await expect.poll(() => replaying.isDone, soon).toBe(true);
    expect(released).toEqual([deadBoot, later]);
    expect(ledger.events.get("attempt of the later boot")).toMatchObject({ usageSource: "upper_bound" });
  });

  it("has nothing to do in an empty folder", async () => {
    const { replaying } = replay(makeJournalFolder(), new LedgerModel());
    await expect.poll(() => replaying.isDone, soon).toBe(true);
  });
});
