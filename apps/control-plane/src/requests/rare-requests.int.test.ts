/** Lists and counts that roll-ups shorten say what reading every row would have said. */
import { reportOperations } from "@switchyard/api-contract/reports";
import { requestOperations } from "@switchyard/api-contract/requests";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordCall } from "../../test/record-call.ts";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = Math.floor(Date.now() / hourMs) * hourMs;
const range = { from: new Date(nowMs - 40 * dayMs - 5 * hourMs).toISOString(), to: new Date(nowMs).toISOString() };
const people = ["ann", "bob", "cy"];

beforeAll(async () => {
  controlPlane = await startControlPlane();
  for (let call = 0; call < 45; call += 1) {
    await recordCall(controlPlane, {
      costPicoUsd: 7n,
      startedAt: new Date(nowMs - 1 - call * 31 * hourMs),
      user: people[call % 3]!,
      tags: call % 5 === 0 ? ["rare=yes"] : [],
      status: call % 4 === 0 ? 500 : 200,
      verdict: call % 4 === 0 ? "errored" : call % 7 === 0 ? "refused" : "complete",
      usageSource: call % 6 === 0 ? "estimate" : "provider_final",
    });
  }
});

afterAll(() => controlPlane.stop());

async function pagesOf(query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { ...range, ...query, limit: 2, ...(cursor && { cursor }) };
    const page = await controlPlane.ok(requestOperations.list, { query: asked });
    ids.push(...page.items.map(({ requestId }) => requestId));
    cursor = page.nextCursor;
  }
  return ids;
} // prettier-ignore

it.each([
  [{ user: "bob" }, "end_user = 'bob'"],
  [{ user: "bob", outcome: "failed" }, "end_user = 'bob' AND status >= 400"],
  [{ tag: "rare=yes" }, "'rare=yes' = ANY(tags)"],
  [{ tag: "rare=yes", status: "500" }, "'rare=yes' = ANY(tags) AND status = 500"],
  [{ outcome: "refused" }, "verdict = 'refused'"],
  [{ user: "nobody" }, "false"],
] as const)("pages through the requests with %o", async (query, condition) => {
  const { rows } = await controlPlane.pool.query<{ request_id: string }>(
    `SELECT request_id FROM request_log WHERE started_at >= $1 AND started_at < $2 AND ${condition}
     ORDER BY started_at DESC, request_id DESC`,
    [range.from, range.to],
  );
  expect(rows.length > 0).toBe(condition !== "false");
  expect(await pagesOf(query)).toEqual(rows.map(({ request_id: id }) => id));
});

it("counts the calls of people and tags in whole days and in the hours around them", async () => {
  const until = new Date(nowMs - 9 * dayMs - 7 * hourMs).toISOString();
  for (const to of [range.to, until]) {
    const { rows } = await controlPlane.pool.query(
      `SELECT end_user, count(*)::int AS requests FROM request_log WHERE started_at >= $1 AND started_at < $2 GROUP BY 1`,
      [range.from, to],
    );
    const report = await controlPlane.ok(reportOperations.cost, { query: { from: range.from, to, groupBy: "user" } });
    const counted = report.rows.map(({ keys, requests }) => [keys[0]!.id, requests]);
    expect(new Map(counted as [string, number][])).toEqual(new Map(rows.map((row) => [row.end_user, row.requests])));
  }
});

it("adds up the ledger as its entries do", async () => {
  const summary = await controlPlane.ok(reportOperations.ledger, { query: range });
  const { rows } = await controlPlane.pool.query(
    `SELECT count(*) FILTER (WHERE kind = 'hold')::int AS holds, count(*) FILTER (WHERE kind = 'settle')::int AS settles,
       count(*) FILTER (WHERE kind = 'settle' AND usage_source = 'estimate')::int AS uncertain,
       trim_scale(sum(amount_pico_usd) FILTER (WHERE kind <> 'hold' AND kind <> 'void') / 1000000000000)::text AS spend
     FROM ledger_entry WHERE started_at >= $1 AND started_at < $2`,
    [range.from, range.to],
  );
  const { holds, settles, uncertain, spendUsd } = summary;
  expect({ holds, settles, uncertain, spend: spendUsd }).toEqual(rows[0]);
  expect(uncertain).toBeGreaterThan(0);
});
