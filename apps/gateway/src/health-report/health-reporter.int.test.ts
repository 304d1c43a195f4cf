import { targetReportSchema } from "@switchyard/policy-engine/health/health-report";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { HealthMap } from "../routing/health-map.ts";
import { HealthReportRepository } from "./health-report.repository.ts";
import { HealthReporter } from "./health-reporter.ts";
import { OthersHealth } from "./others-health.ts";

let database: MoneyDatabase;
beforeAll(async () => {
  database = await MoneyDatabase.start();
});
afterAll(() => database.stop());

const silent = { debug: () => undefined };
const identity = {
  gatewayId: "gateway-0",
  bootId: "00000000-0000-4000-8000-000000000001",
  region: "eu",
  startedAtMs: 0,
};

it("tells a process that is new in the same region of an outage, and nobody else", async () => {
  const learned = new HealthMap();
  const seenIn = async (region: string | null, bootId: string) => {
    const reports = new HealthReportRepository(database.gatewayUrl, { ...identity, bootId, region }, silent);
    await new OthersHealth(learned, reports, silent).read();
    await reports.close();
    return learned.facts().connections.get("outage")?.targetsByModelId.get("m")?.circuit.cause;
  };
  const witness = new HealthMap();
  const failure = { failure: "overloaded" as const, firstTokenMs: null, totalMs: 20, retryAfterMs: null };
  for (let call = 0; call < 5; call++) witness.note({ connectionId: "outage", modelId: "m" }, failure);
  const reports = new HealthReportRepository(database.gatewayUrl, { ...identity, gatewayId: "gateway-1" }, silent);
  await new HealthReporter(witness, reports, silent).report();
  await reports.close();
  expect(await seenIn("eu", identity.bootId)).toBeUndefined();
  expect(await seenIn("us", "00000000-0000-4000-8000-000000000002")).toBeUndefined();
  expect(await seenIn("eu", "00000000-0000-4000-8000-000000000002")).toBe("overloaded");
  await database.owner.query("DELETE FROM gateway_health");
});

it("replaces its report with the gateway's own rights, and bears a database that takes none", async () => {
  const health = new HealthMap();
  const reports = new HealthReportRepository(database.gatewayUrl, identity, silent);
  const reporter = new HealthReporter(health, reports, silent);
  const end = { failure: null, firstTokenMs: 80, totalMs: 200, retryAfterMs: null };
  const stored = async () => {
    const { rows } = await database.owner.query<{ region: string; targets: unknown }>(
      "SELECT region, targets FROM gateway_health",
    );
    return rows.map(({ region, targets }) => ({ region, targets: z.array(targetReportSchema).parse(targets) }));
  };
  await reporter.report();
  expect(await stored()).toEqual([]);
  health.note({ connectionId: "c", modelId: "m" }, end);
  await reporter.report();
  health.note({ connectionId: "c", modelId: "m" }, { ...end, failure: "timeout" });
  await reporter.report();
  expect(await stored()).toMatchObject([
    { region: "eu", targets: [{ connectionId: "c", modelId: "m", answered: 1, failures: { timeout: 1 } }] },
  ]);
  await reports.close();
  await expect(reporter.report()).resolves.toBeUndefined();
});
