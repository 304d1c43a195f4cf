import { describe, expect, it, onTestFinished } from "vitest";
import { soon } from "../../test/soon.ts";
import { DatabaseReachability } from "./database-reachability.ts";
import { GatewayHeartbeat } from "./gateway-heartbeat.ts";
import type { HeartbeatConnection, QuotaRecall } from "./heartbeat-connection.repository.ts";

type Beat = Parameters<HeartbeatConnection["beat"]>[0];

/** A database that answers beats, hangs up, or is away. */
function setUp(more: { everyMs?: number } = {}) {
  const database = { isAway: false, nowMs: 1_900_000_000_000, liveGateways: 3 };
  const beats: Beat[] = [];
  const recalls: QuotaRecall[] = [];
  const connections = { opened: 0, closed: 0 };
  let tellRecall: (recall: QuotaRecall) => void = () => undefined;
  let reconnects = 0;
  const reachability = new DatabaseReachability(1);
  const heartbeat = new GatewayHeartbeat({
    identity: { gatewayId: "gateway", bootId: "boot", region: "eu", startedAtMs: 5 },
    reachability,
    logger: { info: () => undefined, warn: () => undefined },
    open: async (onRecall) => {
      if (database.isAway) throw new Error("connection refused");
      connections.opened += 1;
      tellRecall = onRecall;
      return {
        beat: async (beat) => {
          if (database.isAway) throw new Error("the connection was lost");
          beats.push(beat);
          return { databaseNowMs: database.nowMs, liveGateways: database.liveGateways };
        },
        close: () => (connections.closed += 1),
      };
    },
    onRecall: (recall) => recalls.push(recall),
    onReconnect: () => (reconnects += 1),
    everyMs: 60_000,
    retryMs: 2,
    ...more,
  });
  onTestFinished(() => heartbeat.stop());
  return {
    database,
    beats,
    recalls,
    connections,
    reachability,
    heartbeat,
    recall: (recall: QuotaRecall) => tellRecall(recall),
    reconnects: () => reconnects,
  };
}

describe("GatewayHeartbeat", () => {
  it("beats at the start, and learns of time and neighbours", async () => {
    const { heartbeat, beats, reachability } = setUp();
    await heartbeat.start();
    expect(beats).toEqual([
      { gatewayId: "gateway", bootId: "boot", region: "eu", startedAtMs: 5, policyRevision: null, policyProblem: null },
    ]);
    expect(reachability).toMatchObject({ isReachable: true, liveGateways: 3 });
    expect(heartbeat.databaseNowMs()).toBeGreaterThanOrEqual(1_900_000_000_000);
    expect(heartbeat.databaseNowMs()).toBeLessThan(1_900_000_600_000);
  });

  it("goes on beating", async () => {
    const { heartbeat, beats } = setUp({ everyMs: 1 });
    await heartbeat.start();
    await expect.poll(() => beats.length, soon).toBeGreaterThan(3);
  });

  it("starts without a database, and finds it when it is there", async () => {
    const { heartbeat, database, reachability, reconnects } = setUp();
    database.isAway = true;
    await heartbeat.start();
    expect(reachability).toMatchObject({ isReachable: false, liveGateways: 1 });
    database.isAway = false;
    await expect.poll(() => reachability.isReachable, soon).toBe(true);
    // It cannot have missed a recall: it had nothing to give back.
    expect(reconnects()).toBe(0);
  });

  it("tells of policy at once, and only when there is news", async () => {
    const { heartbeat, beats } = setUp();
    await heartbeat.start();
    const problem = { revision: 8, problems: ["weights sum to zero"] };
    heartbeat.reportPolicy(7, problem);
    await expect.poll(() => beats.length, soon).toBe(2);
    expect(beats[1]).toMatchObject({ policyRevision: 7, policyProblem: problem });
    heartbeat.reportPolicy(7, problem);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(beats).toHaveLength(2);
  });

  it("hands recalls on", async () => {
    const { heartbeat, recall, recalls } = setUp();
    await heartbeat.start();
    recall({ quotaId: "q", windowStartMs: 0, recall: 4 });
    expect(recalls).toEqual([{ quotaId: "q", windowStartMs: 0, recall: 4 }]);
  });

  it("comes back over a new connection as soon as somebody notices that the database is away", async () => {
    const { heartbeat, database, reachability, reconnects, connections } = setUp();
    await heartbeat.start();
    database.isAway = true;
    reachability.reportFailure();
    await expect.poll(() => connections.closed, soon).toBe(1);
    database.isAway = false;
    await expect.poll(() => reachability.isReachable, soon).toBe(true);
    expect(connections.opened).toBe(2);
    expect(reconnects()).toBe(1);
  });

  it("does not end before it has stopped", async () => {
    const { heartbeat, beats, connections } = setUp({ everyMs: 1 });
    await heartbeat.start();
    await heartbeat.stop();
    const count = beats.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(beats).toHaveLength(count);
    expect(connections.closed).toBe(1);
  });
});
