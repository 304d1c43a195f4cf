/** What the dashboard asks for, as it asks for it, and how long the answers take. */
import { performance } from "node:perf_hooks";

const timesEach = 20;
const dayMs = 86_400_000;

export interface QueryTimes {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly mostMs: number;
}

/** Asks every query several times, one after another, after one time that does not count. */
export async function timeQueries(ask: (path: string) => Promise<unknown>): Promise<QueryTimes[]> {
  const times: QueryTimes[] = [];
  for (const [name, path] of queries(await newestRequestId(ask))) {
    await ask(path);
    const measured: number[] = [];
    for (let time = 0; time < timesEach; time += 1) {
      const startedAt = performance.now();
      await ask(path);
      measured.push(performance.now() - startedAt);
    }
    measured.sort((left, right) => left - right);
    const at = (share: number): number => measured[Math.ceil(share * timesEach) - 1] ?? Number.NaN;
    times.push({ name, p50Ms: at(0.5), p95Ms: at(0.95), mostMs: at(1) });
  }
  return times;
}

async function newestRequestId(ask: (path: string) => Promise<unknown>): Promise<string> {
  const { items } = (await ask("/api/requests?limit=1")) as { items: { requestId: string }[] };
  return items[0]?.requestId ?? "";
}

function queries(requestId: string): readonly (readonly [name: string, path: string])[] {
  const now = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
  const last = (days: number) => `from=${new Date(now - days * dayMs).toISOString()}&to=${new Date(now).toISOString()}`;
  const days = (back: number) =>
    `from=${new Date(now - back * dayMs).toISOString().slice(0, 10)}&to=${new Date(now).toISOString().slice(0, 10)}`;
  return [
    ["overview, a day", `/api/reports/overview?${last(1)}&compare=true`],
    ["overview, 30 days", `/api/reports/overview?${last(30)}&compare=true`],
    ["overview of a team, 30 days", `/api/reports/overview?${last(30)}&teamId=scale-team-3`],
    ["cost by team, 30 days", `/api/reports/cost?${last(30)}&groupBy=team&compare=true`],
    ["cost by key and model, 30 days", `/api/reports/cost?${last(30)}&groupBy=virtual_key,model`],
    ["cost by user, 7 days", `/api/reports/cost?${last(7)}&groupBy=user`],
    ["cost of a team by meter, 90 days", `/api/reports/cost?${last(90)}&groupBy=meter&teamId=scale-team-3`],
    ["outlook", "/api/reports/outlook"],
    ["requests, newest", "/api/requests?limit=50"],
    ["requests of a team", "/api/requests?limit=50&teamId=scale-team-3"],
    ["requests of a key", "/api/requests?limit=50&virtualKeyId=scale-key-7"],
    ["requests that failed, 7 days", `/api/requests?limit=50&outcome=failed&${last(7)}`],
    ["one request", `/api/requests/${requestId}`],
    ["ledger, a day", `/api/reports/ledger?${last(1)}`],
    ["unpriced usage, 30 days", `/api/reconciliation/unpriced?${days(30)}`],
    ["budgets", "/api/budgets"],
    ["virtual keys", "/api/virtual-keys"],
  ];
}
