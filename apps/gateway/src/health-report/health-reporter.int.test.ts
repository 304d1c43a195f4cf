import { targetReportSchema } from "@switchyard/policy-engine/health/health-report";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { HealthMap } from "../routing/health-map.ts";
import { HealthReportRepository } from "./health-report.repository.ts";
import { HealthReporter } from "./health-reporter.ts";

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
