import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "@switchyard/secrets/content-key";
import { createLogger } from "@switchyard/telemetry/logger";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPolicy, publish } from "../../test/harness/policy-fixture.ts";
import type { PublishedRevision } from "./activate-revision.ts";
import { LastGoodSnapshot } from "./last-good-snapshot.ts";
import type { PolicyAnnouncements } from "./policy-announcements.repository.ts";
import type { PolicyLoaderRepository } from "./policy-loader.repository.ts";
import { PolicyRefresher } from "./policy.refresher.ts";
import { PolicyStore } from "./policy.store.ts";

const { revision } = createPolicy({ routes: [{ name: "chat", targets: [{ baseUrl: "http://127.0.0.1:1/v1" }] }] });

let directory: string;
let path: string;
let database: FakeDatabase;
let running: PolicyRefresher[] = [];

/** Stands for the tables; `isAway` makes every query fail. */
class FakeDatabase {
  published: PublishedRevision[] = [];
  isAway = false;
  headQueries = 0;
  contentQueries = 0;
  /** While set, head queries wait for it. */
  gate: Promise<void> | null = null;

  async head(): Promise<PublishedRevision | null> {
    this.headQueries += 1;
    if (this.isAway) throw new Error("connection refused");
    await this.gate;
    return this.published.at(-1) ?? null;
  }

  async revision(number: number): Promise<PublishedRevision | null> {
    this.contentQueries += 1;
    if (this.isAway) throw new Error("connection refused");
    return this.published.find((candidate) => candidate.number === number) ?? null;
  }
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "switchyard-policy-"));
  path = join(directory, "state", "policy-snapshot.json");
  database = new FakeDatabase();
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((refresher) => refresher.stop()));
  await rm(directory, { recursive: true });
});

function start(): { store: PolicyStore; refresher: PolicyRefresher; refusals: () => number } {
  const store = new PolicyStore();
  let refused = 0;
  const refresher = new PolicyRefresher(
    store,
    database as unknown as PolicyLoaderRepository,
    new LastGoodSnapshot(path),
    { start: () => undefined, stop: async () => undefined } as unknown as PolicyAnnouncements,
    createLogger({ service: "gateway-test", level: "silent" }),
    { pollEveryMs: 60_000, bootPatienceMs: 200, onRefused: () => (refused += 1) },
  );
  running.push(refresher);
  return { store, refresher, refusals: () => refused };
}

describe("a healthy database", () => {
  it("is what a process starts from", async () => {
    database.published = [publish(7, revision)];
    const { store, refresher } = start();
    await refresher.start();
    expect(store.current?.number).toBe(7);
    expect(store.current?.routesByName.get("chat")?.routeId).toBe("rt_chat");
    expect(store.confirmedAtMs).not.toBeNull();
  });

  it("is asked for content only when the head has moved", async () => {
    database.published = [publish(1, revision)];
    const { store, refresher } = start();
    await refresher.start();
    await refresher.refresh();
    await refresher.refresh();
    expect(database.contentQueries).toBe(1);
    database.published.push(publish(2, revision));
    await refresher.refresh();
    expect([store.current?.number, database.contentQueries]).toEqual([2, 2]);
  });

  it("answers a storm of announcements with one more look", async () => {
    database.published = [publish(1, revision)];
    const { refresher } = start();
    await refresher.start();
    const before = database.headQueries;
    let open: () => void = () => undefined;
    database.gate = new Promise((resolve) => (open = resolve));
    const storm = Array.from({ length: 1_000 }, () => refresher.refresh());
    open();
    await Promise.all(storm);
    expect(database.headQueries - before).toBe(2);
  });

  it("may have nothing published yet", async () => {
    const { store, refresher } = start();
    await refresher.start();
    expect(store.current).toBeNull();
    database.published = [publish(1, revision)];
    await refresher.refresh();
    expect(store.current?.number).toBe(1);
  });
});

describe("a bad revision", () => {
  it.each([
    [
      "whose content does not match its hash",
      { ...publish(2, revision), content: JSON.stringify({ ...revision, routes: [] }) },
    ],
    ["that is not JSON", withHash(2, "{")],
    ["that is no policy", withHash(2, '{"schemaVersion":1}')],
    ["of another schema version", withHash(2, JSON.stringify({ ...revision, schemaVersion: 99 }))],
    ["with weights that sum to zero", withHash(2, JSON.stringify(withZeroWeights()))],
    ["with a __proto__ member", withHash(2, `{"__proto__":{"polluted":true},${JSON.stringify(revision).slice(1)}`)],
  ])("%s is refused, and the last good one keeps running", async (_, bad) => {
    database.published = [publish(1, revision)];
    const { store, refresher, refusals } = start();
    await refresher.start();
    database.published.push(bad);
    await refresher.refresh();
    await refresher.refresh();
    expect(store.current?.number).toBe(1);
    expect(store.problem?.revision).toBe(2);
    expect(store.problem?.problems.length).toBeGreaterThan(0);
    // Reported once, not at every look.
    expect([refusals(), database.contentQueries]).toEqual([1, 2]);
    expect(JSON.parse((await readFile(path, "utf8")).split("\n")[0] ?? "")).toMatchObject({ number: 1 });
  });

  it("is over when a good one follows", async () => {
    database.published = [withHash(1, "{")];
    const { store, refresher } = start();
    await refresher.start();
    expect([store.current, store.problem?.revision]).toEqual([null, 1]);
    database.published.push(publish(2, revision));
    await refresher.refresh();
    expect([store.current?.number, store.problem]).toEqual([2, null]);
  });
});

describe("without a database", () => {
  it("a process starts from the snapshot that an earlier one left", async () => {
    database.published = [publish(3, revision)];
    await start().refresher.start();
    database.isAway = true;
    const { store, refresher } = start();
    await refresher.start();
    expect([store.current?.number, store.confirmedAtMs]).toEqual([3, null]);
    database.isAway = false;
    database.published.push(publish(4, revision));
    await refresher.refresh();
    expect(store.current?.number).toBe(4);
  });

  it("a running process goes on", async () => {
    database.published = [publish(3, revision)];
    const { store, refresher } = start();
    await refresher.start();
    database.isAway = true;
    await refresher.refresh();
    expect(store.current?.number).toBe(3);
  });

  it("keeps the snapshot from other accounts", async () => {
    database.published = [publish(3, revision)];
    await start().refresher.start();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["a damaged snapshot", (text: string) => text.replace("chat", "chit")],
    ["half of one", (text: string) => text.slice(0, text.length / 2)],
    ["an empty file", () => ""],
    ["a header that is not ours", () => "{}\n{}"],
  ])("%s is no snapshot", async (_, damage) => {
    database.published = [publish(3, revision)];
    await start().refresher.start();
    await writeFile(path, damage(await readFile(path, "utf8")));
    database.isAway = true;
    const { store, refresher } = start();
    await refresher.start();
    expect(store.current).toBeNull();
  });
});

function withHash(number: number, content: string): PublishedRevision {
  return { number, content, sha256: sha256Hex(content) };
}

function withZeroWeights(): unknown {
  const [route] = revision.routes;
  return { ...revision, routes: [{ ...route, targets: route?.targets.map((target) => ({ ...target, weight: 0 })) }] };
}
