/** How long the answers to what the dashboard asks for take. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AdminApi } from "./admin-api.ts";
import { dashboardQueries, type ExampleIds } from "./dashboard-queries.ts";

const timesEach = 20;
/** A query that takes longer is not repeated as often: its 95th percentile is far above the bar anyway. */
const patienceMs = 10_000;

export interface QueryTimes {
  readonly name: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly mostMs: number;
  /** CPU time of one answer, user and system, on average: what stays true on a machine that does other things too. */
  readonly cpuMs: number;
}

/**
 * Asks every query several times, one after another, after one time that does not count. `usedCpu` answers the CPU time
 * that control plane and database have had so far, in microseconds.
 */
export async function timeQueries(api: AdminApi, usedCpu: () => number): Promise<QueryTimes[]> {
  const times: QueryTimes[] = [];
  for (const { name, path } of dashboardQueries(await findExamples(api), Date.now())) {
    const measured: number[] = [];
    const givesUpAt = performance.now() + patienceMs;
    try {
      await api.ask(path);
    } catch (error) {
      // The server ends what takes seconds; the others are still worth knowing.
      times.push({
        name: `${name}: ${error instanceof Error ? error.message : String(error)}`,
        p50Ms: Infinity,
        p95Ms: Infinity,
        mostMs: Infinity,
        cpuMs: Infinity,
      });
      continue;
    }
    const cpuBefore = usedCpu();
    while (measured.length < timesEach && (measured.length < 3 || performance.now() < givesUpAt)) {
      const startedAt = performance.now();
      await api.ask(path);
      measured.push(performance.now() - startedAt);
    }
    const cpuMs = (usedCpu() - cpuBefore) / measured.length / 1_000;
    measured.sort((left, right) => left - right);
    const at = (share: number): number => measured[Math.ceil(share * measured.length) - 1] ?? Number.NaN;
    times.push({ name, p50Ms: at(0.5), p95Ms: at(0.95), mostMs: at(1), cpuMs });
  }
  return times;
}

async function findExamples(api: AdminApi): Promise<ExampleIds> {
  const first = async (path: string, key: string): Promise<string> => {
    const { items } = (await api.ask(path)) as { items: Record<string, string>[] };
    return items[0]?.[key] ?? "";
  };
  const teamId = "scale-team-3";
  return {
    requestId: await first("/api/requests?limit=1", "requestId"),
    teamId,
    monthlyReportId: await makeReport(api, teamId),
    projectId: "scale-project-3",
    keyId: "scale-key-7",
    budgetId: "scale-budget",
    rateLimitId: "scale-rate-limit",
    user: "person-7-3",
    connectionId: await first("/api/provider-connections", "id"),
    routeId: await first("/api/routes", "id"),
    modelId: await first("/api/models", "id"),
  };
}

const reportPatienceMs = 120_000;

/** Has a team's running month made, and waits until it is. */
async function makeReport(api: AdminApi, teamId: string): Promise<string> {
  const month = new Date().toISOString().slice(0, 7);
  const { id } = (await api.tell("/api/reports/monthly", { teamId, month })) as { id: string };
  const givesUpAt = performance.now() + reportPatienceMs;
  for (;;) {
    const { state, problem } = (await api.ask(`/api/reports/monthly/${id}`)) as { state: string; problem: unknown };
    if (state === "done") return id;
    if (state === "failed") throw new Error(`the monthly report of ${teamId} was not made: ${String(problem)}`);
    if (performance.now() > givesUpAt)
      throw new Error(`the monthly report of ${teamId} is not done; is the worker up?`);
    await sleep(250);
  }
}
