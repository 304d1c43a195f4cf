import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { joinClusterMetrics } from "../src/fleet-metrics.ts";
import { createMetrics } from "../src/metrics.ts";
import type { FleetOrder, FleetReport } from "./fleet-process.ts";

const generousMs = 20_000;

let primary: ChildProcess;
const waiting: {
  readonly matches: (report: FleetReport) => boolean;
  readonly resolve: (report: FleetReport) => void;
}[] = [];

/** Sends an order and resolves with the report that answers it. */
function tell(order: FleetOrder, expected: FleetReport["report"]): Promise<FleetReport> {
  const worker = "worker" in order ? order.worker : undefined;
  const answer = new Promise<FleetReport>((resolve) => {
    const matches = (report: FleetReport): boolean =>
      report.report === expected && (worker === undefined || report.worker === worker);
    waiting.push({ matches, resolve });
  });
  primary.send(order);
  return answer;
}

const count = (worker: number, amount: number): Promise<FleetReport> =>
  tell({ order: "count", worker, amount }, "counted");
const scrape = async (worker: number, timeoutMs = generousMs): Promise<string> =>
  (await tell({ order: "scrape", worker, timeoutMs }, "scraped")).text ?? "";
const sampleOf = (text: string, name: string): number | undefined => {
  const value = text
    .split("\n")
    .find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    ?.split(" ")
    .at(-1);
  return value === undefined ? undefined : Number(value);
};

beforeEach(async () => {
  primary = fork(new URL("./fleet-process.ts", import.meta.url), { execArgv: [] });
  primary.on("message", (message) => {
    const report = message as FleetReport;
    const index = waiting.findIndex(({ matches }) => matches(report));
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(report);
  });
  await tell({ order: "fork" }, "forked");
  await tell({ order: "fork" }, "forked");
}, 60_000);

afterEach(async () => {
  waiting.length = 0;
  const exited = once(primary, "exit");
  primary.kill("SIGKILL");
  await exited;
});

describe("metrics of a fleet", { timeout: 60_000 }, () => {
  it("are the same sum from whichever worker is scraped", async () => {
    await count(1, 5);
    await count(2, 7);
    for (const worker of [1, 2]) {
      const text = await scrape(worker);
      expect(sampleOf(text, "switchyard_lease_refills_total")).toBe(12);
      expect(sampleOf(text, "switchyard_gateway_overhead_seconds_count")).toBe(2);
      expect(sampleOf(text, "switchyard_open_streams")).toBe(3);
      expect(sampleOf(text, "switchyard_policy_revision")).toBe(101);
      expect(sampleOf(text, "switchyard_policy_snapshot_age_seconds")).toBe(2);
      expect(sampleOf(text, "process_cpu_seconds_total")).toBeGreaterThan(0);
      expect(text).not.toContain("did not answer");
    }
  });

  it("never fall when a worker is killed, leaves or is replaced", async () => {
    await count(1, 5);
    await count(2, 7);
    await scrape(1);
    await tell({ order: "signal", worker: 2, signal: "SIGKILL" }, "exited");
    let text = await scrape(1);
    expect(sampleOf(text, "switchyard_lease_refills_total")).toBe(12);
    expect(sampleOf(text, "switchyard_open_streams")).toBe(1);

    await tell({ order: "fork" }, "forked");
    await count(3, 100);
    // Nobody scraped since: only what the worker says on leaving carries its count over.
    await tell({ order: "leave", worker: 3 }, "exited");
    text = await scrape(1);
    expect(sampleOf(text, "switchyard_lease_refills_total")).toBe(112);
    expect(sampleOf(text, "switchyard_gateway_overhead_seconds_count")).toBe(3);
  });

  it("use the last known values of a worker that hangs, and say so", async () => {
    await count(1, 5);
    await count(2, 7);
    await scrape(1);
    await tell({ order: "signal", worker: 2, signal: "SIGSTOP" }, "signalled");
    await count(1, 1);
    const text = await scrape(1, 5_000);
    expect(text).toMatch(/^# 1 of 2 processes did not answer in time/);
    expect(sampleOf(text, "switchyard_lease_refills_total")).toBe(13);
    await tell({ order: "signal", worker: 2, signal: "SIGKILL" }, "exited");
  });

  it("fall back to the scraped worker alone when the primary does not answer, and say so", async () => {
    await count(1, 5);
    await count(2, 7);
    await tell({ order: "stop-serving" }, "stopped");
    const text = await scrape(1, 200);
    expect(text).toMatch(/^# The fleet did not answer in time: metrics of process \d+ alone\.\n/);
    expect(sampleOf(text, "switchyard_lease_refills_total")).toBe(5);
  });
});

describe("metrics of a lone process", () => {
  it("are its own, without waiting for a fleet", async () => {
    const metrics = createMetrics({ processMetrics: false });
    metrics.counter("switchyard_policy_rejected_total").with().inc();
    const fleet = joinClusterMetrics(metrics);
    expect(await fleet.requestFleetMetrics(generousMs)).toBe(await metrics.exposition());
    await fleet.leave();
  });
});
