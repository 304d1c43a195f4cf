import { healthMapOperations } from "@switchyard/api-contract/health-map";
import { routeOperations } from "@switchyard/api-contract/routes";
import { latencyBucketCount, latencyBucketIndex } from "@switchyard/metering/latency-buckets";
import type { TargetReport } from "@switchyard/policy-engine/health/health-report";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;
beforeAll(async () => {
  controlPlane = await startControlPlane();
});
afterAll(() => controlPlane.stop());

const boot = "00000000-0000-4000-8000-000000000001";

function report(gatewayId: string, region: string | null, targets: readonly object[]) {
  const values = [gatewayId, boot, region, JSON.stringify(targets)];
  return controlPlane.pool.query("SELECT gateway_health_report($1, $2, $3, $4)", values);
}

function durations(milliseconds: number, count: number): number[] {
  const counts = Array.from({ length: latencyBucketCount }, () => 0);
  counts[latencyBucketIndex(milliseconds)] = count;
  return counts;
}

it("merges what gateways of one region see, leaves out what it cannot read, and forgets the silent", async () => {
  expect((await controlPlane.ok(healthMapOperations.get)).targets).toEqual([]);
  const { items } = await controlPlane.ok(routeOperations.list);
  const { connectionId, modelId } = items.find(({ name }) => name === "demo-chat")!.targets[0]!;
  const seen: TargetReport = {
    connectionId,
    modelId,
    answered: 8,
    failures: { timeout: 1, server_error: 2 },
    firstToken: durations(100, 97),
    wholeAnswer: null,
    circuit: "closed",
    idleForMs: 2_000,
  };
  const worse: TargetReport = { ...seen, failures: { timeout: 4 }, firstToken: durations(9_000, 3), circuit: "open" };
  await report("one", "eu", [seen, { ...seen, modelId: "gone" }]);
  await report("two", "eu", [{ from: "another version" }, worse]);
  await report("three", "us", [seen]);
  const { targets } = await controlPlane.ok(healthMapOperations.get);
  expect(targets.map(({ gatewayRegion }) => gatewayRegion)).toEqual(["eu", "us"]);
  expect(targets[0]).toMatchObject({
    connectionId,
    drained: false,
    calls: 23,
    failures: [
      { failureClass: "timeout", count: 5 },
      { failureClass: "server_error", count: 2 },
    ],
    wholeAnswerMs: null,
    gateways: [
      { gatewayId: "one", circuit: "closed" },
      { gatewayId: "two", circuit: "open" },
    ],
  });
  expect(targets[0]!.firstTokenMs!.p50).toBeLessThan(130);
  expect(targets[0]!.firstTokenMs!.p99).toBeGreaterThan(7_000);

  await controlPlane.pool.query("UPDATE gateway_health SET reported_at = now() - interval '2 minutes'");
  await report("three", "us", [seen]);
  expect((await controlPlane.ok(healthMapOperations.get)).targets).toHaveLength(1);
  await controlPlane.pool.query("UPDATE gateway_health SET reported_at = now() - interval '11 minutes'");
  await report("three", "us", []);
  expect((await controlPlane.pool.query("SELECT gateway_id FROM gateway_health")).rows).toEqual([
    { gateway_id: "three" },
  ]);
});
