import type { AttemptRecord } from "@switchyard/metering/usage-event";
import { afterAll, beforeAll, expect, it } from "vitest";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { PerformanceFactsRepository } from "./performance-facts.repository.ts";
import { PerformancePoller } from "./performance-poller.ts";
import { TaskPerformance } from "./task-performance.ts";

let database: MoneyDatabase;
beforeAll(async () => {
  database = await MoneyDatabase.start();
});
afterAll(() => database.stop());

const silent = { debug: () => undefined };
const bootId = "00000000-0000-4000-8000-000000000001";
const target = { taskClass: "code", connectionId: "c", modelId: "m" } as const;

async function publish(successes: number, included: number): Promise<void> {
  const piece = (count: number) => ({ ...target, successes: count, failures: 0, outputTokens: 10 * count });
  await database.owner.query(
    `INSERT INTO performance_facts (computed_at, evidence, included) VALUES (clock_timestamp(), $1, $2)
     ON CONFLICT (id) DO UPDATE SET computed_at = EXCLUDED.computed_at, evidence = EXCLUDED.evidence, included = EXCLUDED.included`,
    [JSON.stringify([piece(successes)]), JSON.stringify({ [bootId]: [piece(included)], another: [piece(7)] })],
  );
}

it("learns what the fleet knows with the gateway's own rights, after a restart too, and bears a database that is away", async () => {
  const identity = { gatewayId: "gateway-0", bootId, region: "eu", startedAtMs: 0 };
  const facts = new PerformanceFactsRepository(database.gatewayUrl, identity, silent);
  const performance = new TaskPerformance();
  const poller = new PerformancePoller(performance, facts, silent);
  await poller.look();
  expect(performance.find("code", "c", "m")).toBeUndefined();
  await publish(40, 0);
  await poller.look();
  expect(performance.find("code", "c", "m")).toEqual({ successes: 40, failures: 0, meanOutputTokens: 10 });
  expect(performance.find(null, "c", "m")?.successes).toBe(40);
  const seen = { connectionId: "c", modelId: "m", verdict: "complete", failureClass: null, usage: { output: 10 } };
  const code = { by: "words", taskClass: "code", complexity: 0.5, cues: [] } as const;
  performance.note(code, [seen, seen, seen] as unknown as AttemptRecord[]);
  expect(performance.find("code", "c", "m")?.successes).toBe(43);
  await publish(42, 2);
  await poller.look();
  expect(performance.find("code", "c", "m")?.successes).toBe(43);
  await poller.look();
  expect(performance.find("code", "c", "m")?.successes).toBe(43);
  await publish(43, 3);
  await poller.look();
  expect(performance.find("code", "c", "m")?.successes).toBe(43);
  await facts.close();
  await poller.look();
  expect(performance.find("code", "c", "m")?.successes).toBe(43);
});
