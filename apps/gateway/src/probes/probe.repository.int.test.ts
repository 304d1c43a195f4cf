import { afterAll, beforeAll, expect, it } from "vitest";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { ProbeRepository } from "./probe.repository.ts";

let database: MoneyDatabase;
beforeAll(async () => {
  database = await MoneyDatabase.start();
});
afterAll(() => database.stop());

const silent = { debug: () => undefined };
const idle = [
  { connectionId: "a", afterIdleSeconds: 30 },
  { connectionId: "b", afterIdleSeconds: 30 },
];

it("lets one process of many ask a connection, with the gateway's own rights, and tells the others what it found", async () => {
  const fleet = Array.from(
    { length: 4 },
    (_, slot) => new ProbeRepository(database.gatewayUrl, `gateway-${slot}`, silent),
  );
  const turns = await Promise.all(fleet.map((process) => process.take(idle)));
  for (const { connectionId } of idle) {
    const takers = turns.filter((turn) => turn.some((each) => each.connectionId === connectionId && each.isTaken));
    expect(takers).toHaveLength(1);
  }
  const taker = turns.findIndex((turn) => turn.some(({ connectionId, isTaken }) => connectionId === "a" && isTaken));
  await fleet[taker]?.end("a", "unreachable");
  // Whose turn it was not cannot speak for the one whose it was.
  await fleet[(taker + 1) % fleet.length]?.end("a", "reachable");
  const [ofA] = (await fleet[(taker + 2) % fleet.length]?.take(idle.slice(0, 1))) ?? [];
  expect(ofA).toMatchObject({ connectionId: "a", isTaken: false, found: { outcome: "unreachable" } });
  await database.owner.query("UPDATE connection_probe SET taken_at = taken_at - interval '31 seconds'");
  const [again] = (await fleet[0]?.take(idle.slice(0, 1))) ?? [];
  expect(again).toEqual({ connectionId: "a", isTaken: true, found: null });
  await Promise.all(fleet.map((process) => process.close()));
});
