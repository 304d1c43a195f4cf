import { allOperations } from "@switchyard/api-contract/catalogue";
import { dashboardQueries } from "@switchyard/local-stack/scale/dashboard-queries";
import { describe, expect, it } from "vitest";

const ids = {
  requestId: "request",
  teamId: "team",
  projectId: "project",
  keyId: "key",
  connectionId: "connection",
  routeId: "route",
  modelId: "model",
  user: "ann",
  budgetId: "budget",
  rateLimitId: "limit",
  monthlyReportId: "report",
};
/** Files of any length, which `npm run scale` times on their own, their manifests, and what it has none of: a run against a provider. */
const notTimed = new Set([
  "/api/reports/cost.csv",
  "/api/reports/exports/:format",
  "/api/reports/exports/:format/manifest",
  "/api/fidelity-runs/:id",
]);

describe("the queries that are timed over millions of calls", () => {
  const queries = dashboardQueries(ids, Date.UTC(2026, 10, 21, 10, 30)).map(({ path }) => new URL(path, "http://x"));
  const reading = allOperations.filter(({ method, path }) => method === "GET" && !notTimed.has(path));

  it.each(reading.map(({ path }) => path))("have %s", (path) => {
    const pattern = new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`);
    expect(queries.filter(({ pathname }) => pattern.test(pathname))).not.toEqual([]);
  });

  it("are what the API understands", () => {
    for (const { pathname, searchParams } of queries) {
      const operation = reading.find(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`).test(pathname));
      const query = Object.fromEntries(searchParams);
      const isUnderstood = [query, searchParams.size === 0 ? undefined : query].some(
        (given) => operation?.query.safeParse(given).success,
      );
      expect([pathname, isUnderstood]).toEqual([pathname, true]);
    }
  });
});
