/** Holds, journal, queue and ledger together, in processes that are killed: the money must come out exact. */
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import type { Quota } from "@switchyard/metering/quota";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { makeJournalFolder } from "../../test/settlement/journal-folder.ts";
import { MoneyProcess, type MoneyProcessOptions } from "../../test/settlement/money-process-control.ts";
import { TestIngester } from "../../test/settlement/test-ingester.ts";
import { soon } from "../../test/soon.ts";

const cent = 10_000_000_000n;
let database: MoneyDatabase;
let ingester: TestIngester;

beforeAll(async () => {
  database = await MoneyDatabase.start({ durable: true });
  ingester = new TestIngester(database.ownerUrl);
});

afterAll(async () => {
  await ingester.stop();
  await database.stop();
});

function start(budget: Quota, more: Partial<MoneyProcessOptions> = {}): MoneyProcess {
  const process = new MoneyProcess({
    gatewayUrl: database.gatewayUrl,
    directory: makeJournalFolder(),
    gatewayId: randomUUID(),
    quotas: [budget],
    calls: 100,
    lanes: 50,
    ...more,
  });
  onTestFinished(() => process.end("SIGKILL"));
  return process;
}

const finished = (lines: readonly string[]) => lines.includes("finished");
const replayed = (lines: readonly string[]) => lines.includes("replayed");

/** The ledger's attempts on a budget, and what they add up to. */
function ledgerOf(budget: Quota): { readonly ids: string[]; readonly cost: bigint } {
  const attempts = ingester.attempts.filter(({ quotas }) => quotas.some(({ quotaId }) => quotaId === budget.quotaId));
  return {
    ids: attempts.map(({ attemptId }) => attemptId).toSorted(),
    cost: attempts.reduce((sum, { costPicoUsd }) => sum + BigInt(costPicoUsd), 0n),
  };
}

describe("a dollar, spent by two processes at a cent a call", () => {
  it("is spent exactly, and the ledger says so when both have been stopped", async () => {
    const budget = await database.addQuota(100n * cent, { scopeId: "team_1" });
    const directories = [makeJournalFolder(), makeJournalFolder()];
    const processes = directories.map((directory) => start(budget, { directory }));
    for (const process of processes) await process.until(finished);
    // A stop waits for the ledger, but not for long: here it is not the stop that is tested.
    await expect.poll(() => ledgerOf(budget).ids.length, soon).toBe(100);
    for (const process of processes) await process.end("SIGTERM");
    const dispatched = processes.flatMap((process) => process.dispatched).toSorted();
    expect(dispatched).toHaveLength(100);
    expect(processes.reduce((sum, process) => sum + process.refused("budget_exceeded"), 0)).toBe(100);
    expect(ledgerOf(budget)).toEqual({ ids: dispatched, cost: 100n * cent });
    expect(await database.committed(budget)).toEqual({
      settled: 100n * cent,
      leased: 0n,
      unreconciled: 0n,
      overrun: 0n,
    });
    for (const directory of directories) expect(readdirSync(directory)).toEqual([]);
  });
});

describe("kill -9", () => {
  it("of a process under load loses no call and books none twice, and its lease comes back", async () => {
    const budget = await database.addQuota(10_000n * cent, { scopeId: "team_1" });
    const directory = makeJournalFolder();
    const gatewayId = randomUUID();
    const dispatched: string[] = [];
    for (const kills of [120, 300, 80]) {
      const process = start(budget, { directory, gatewayId, calls: 5_000 });
      await process.until((lines) => lines.length > kills);
      await process.end("SIGKILL");
      dispatched.push(...process.dispatched);
    }
    const last = start(budget, { directory, gatewayId, calls: 20 });
    await last.until(replayed);
    dispatched.push(...last.dispatched);
    await expect.poll(() => dispatched.every((id) => ledgerOf(budget).ids.includes(id)), soon).toBe(true);
    await last.end("SIGTERM");
    const { ids, cost } = ledgerOf(budget);
    expect(new Set(ids).size).toBe(ids.length);
    const inLedger = new Set(ids);
    expect(dispatched.filter((id) => !inLedger.has(id))).toEqual([]);
    // An attempt that only the ledger has was held and not sent before the kill: it is marked as a guess.
    const seen = new Set(dispatched);
    const unseen = ingester.attempts.filter(({ attemptId }) => inLedger.has(attemptId) && !seen.has(attemptId));
    expect(unseen.every(({ usageSource }) => usageSource === "upper_bound")).toBe(true);
    expect(cost).toBe(BigInt(ids.length) * cent);
    expect(await database.committed(budget)).toEqual({ settled: cost, leased: 0n, unreconciled: 0n, overrun: 0n });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("of the database under load loses nothing either", async () => {
    const budget = await database.addQuota(10_000n * cent, { scopeId: "team_1" });
    const seat = { directory: makeJournalFolder(), gatewayId: randomUUID() };
    const process = start(budget, { ...seat, calls: 3_000, lanes: 20 });
    await process.until((lines) => lines.length > 300);
    await database.server.kill();
    await process.until((lines) => lines.length > 600);
    await database.server.start();
    await process.until(finished);
    const dispatched = process.dispatched.toSorted();
    await expect.poll(() => ledgerOf(budget).ids.length, soon).toBe(dispatched.length);
    expect(ledgerOf(budget)).toEqual({ ids: dispatched, cost: BigInt(dispatched.length) * cent });
    await process.end("SIGTERM");
    // What was granted while the connection broke is known to nobody; the next boot gives it back.
    const next = start(budget, { ...seat, calls: 0 });
    await next.until(replayed);
    expect(await database.committed(budget)).toEqual({
      settled: BigInt(dispatched.length) * cent,
      leased: 0n,
      unreconciled: 0n,
      overrun: 0n,
    });
    await next.end("SIGTERM");
    expect(readdirSync(seat.directory)).toEqual([]);
  });
});

describe("a queue that loses its jobs", () => {
  it("is filled again from the journal", async () => {
    const budget = await database.addQuota(10_000n * cent, { scopeId: "team_1" });
    await ingester.stop();
    const directory = makeJournalFolder();
    const gatewayId = randomUUID();
    const process = start(budget, { directory, gatewayId });
    await process.until(finished);
    const waiting = async () => {
      const { rows } = await database.owner.query<{ count: number }>("SELECT count(*)::int AS count FROM bullmq.job");
      return rows[0]?.count ?? 0;
    };
    await expect.poll(waiting, soon).toBeGreaterThan(0);
    await process.end("SIGKILL");
    await database.owner.query("TRUNCATE bullmq.job CASCADE");
    ingester = new TestIngester(database.ownerUrl);
    const next = start(budget, { directory, gatewayId, calls: 0 });
    await next.until(replayed);
    await next.end("SIGTERM");
    expect(ledgerOf(budget)).toEqual({ ids: process.dispatched.toSorted(), cost: 100n * cent });
    expect(await database.committed(budget)).toMatchObject({ settled: 100n * cent, leased: 0n });
  });
});
