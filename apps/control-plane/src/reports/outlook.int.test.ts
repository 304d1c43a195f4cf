/** Where months are heading, by what the roll-ups hold of each team's own history. */
import { reportOperations } from "@switchyard/api-contract/reports";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordCall } from "../../test/record-call.ts";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;

const dayMs = 86_400_000;
const todayMs = Math.floor(Date.now() / dayMs) * dayMs;
const noonBefore = (days: number) => new Date(todayMs - days * dayMs + dayMs / 2);
const spend = (usd: string, days: number) =>
  recordCall(controlPlane, { costPicoUsd: parseUsd(usd), startedAt: noonBefore(days) });

beforeAll(async () => {
  controlPlane = await startControlPlane();
});

afterAll(() => controlPlane.stop());

it("has nothing to say of nobody", async () => {
  expect((await controlPlane.ok(reportOperations.outlook)).items).toEqual([]);
});

it("flags yesterday where it departs from a month of quiet days, and forecasts by the last week", async () => {
  for (let days = 2; days <= 30; days += 1) await spend("3", days);
  const { items: quiet } = await controlPlane.ok(reportOperations.outlook);
  expect(quiet).toMatchObject([{ teamName: "Default team", anomaly: null }]);
  await spend("300", 1);
  const { items, monthStart, monthEnd } = await controlPlane.ok(reportOperations.outlook);
  const [team] = items;
  expect(team?.anomaly).toEqual({ kind: "spike", actualUsd: "300", usualUsd: "3" });
  const monthToDate = parseUsd(team!.monthToDateUsd);
  const { totalUsd } = await controlPlane.ok(reportOperations.cost, { query: { from: monthStart, to: monthEnd } });
  expect(team?.monthToDateUsd).toBe(totalUsd);
  const [low, expected, high] = [team!.forecast!.lowUsd, team!.forecast!.expectedUsd, team!.forecast!.highUsd].map(
    parseUsd,
  );
  expect(low! >= monthToDate - parseUsd("0.01") && low! <= expected! && expected! <= high!).toBe(true);
});
