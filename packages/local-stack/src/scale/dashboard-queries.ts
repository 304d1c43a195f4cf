/**
 * What the dashboard asks the control plane for, as it asks for it: every reading operation of its API at least once, and
 * those that read usage with the periods, filters and groupings that its pages offer. A test of the control plane compares
 * this list with the API.
 */

interface DashboardQuery {
  readonly name: string;
  /** Of a GET, with the query string. */
  readonly path: string;
}

/** One of each, to ask for. */
export interface ExampleIds {
  readonly requestId: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly keyId: string;
  readonly connectionId: string;
  readonly routeId: string;
  readonly modelId: string;
  readonly user: string;
  readonly budgetId: string;
  readonly rateLimitId: string;
  /** A month of a team, made. */
  readonly monthlyReportId: string;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

export function dashboardQueries(ids: ExampleIds, nowMs: number): DashboardQuery[] {
  const now = Math.floor(nowMs / minuteMs) * minuteMs;
  const last = (days: number) => `from=${instant(now - days * dayMs)}&to=${instant(now)}`;
  const days = (back: number) => `from=${instant(now - back * dayMs).slice(0, 10)}&to=${instant(now).slice(0, 10)}`;
  const overview = (query: string) => `/api/reports/overview?compare=true&${query}`;
  const cost = (query: string) => `/api/reports/cost?compare=true&${query}`;
  const requests = (query: string) => `/api/requests?limit=50&${query}`;
  const usage: readonly (readonly [string, string])[] = [
    ["overview, an hour", overview(last(1 / 24))],
    ["overview, a day", overview(last(1))],
    ["overview, 7 days", overview(last(7))],
    ["overview, 30 days", overview(last(30))],
    ["overview, 30 days, by provider", overview(`${last(30)}&breakdown=provider`)],
    ["overview of a team, 30 days", overview(`${last(30)}&teamId=${ids.teamId}`)],
    ["overview of a route, 7 days", overview(`${last(7)}&routeId=${ids.routeId}`)],
    ["cost by team, 30 days", cost(`${last(30)}&groupBy=team`)],
    ["cost by team, 90 days", cost(`${last(90)}&groupBy=team`)],
    ["cost by project, key, model, 30 days", cost(`${last(30)}&groupBy=project,virtual_key,model`)],
    ["cost by provider and meter, 30 days", cost(`${last(30)}&groupBy=provider,meter`)],
    ["cost by user, 7 days", cost(`${last(7)}&groupBy=user`)],
    ["cost by user, 30 days", cost(`${last(30)}&groupBy=user`)],
    ["cost by tag, 30 days", cost(`${last(30)}&groupBy=tag`)],
    ["cost of a team by user, 30 days", cost(`${last(30)}&groupBy=user&teamId=${ids.teamId}`)],
    ["cost of a team by meter, 90 days", cost(`${last(90)}&groupBy=meter&teamId=${ids.teamId}`)],
    ["cost of a person by model, 30 days", cost(`${last(30)}&groupBy=model&user=${ids.user}`)],
    ["cost of a tag by team, 30 days", cost(`${last(30)}&groupBy=team&tag=env%3Dprod`)],
    ["outlook", "/api/reports/outlook"],
    ["reports of teams, 30 days", `/api/reports/teams?${last(30)}`],
    ["monthly reports", "/api/reports/monthly"],
    ["one monthly report", `/api/reports/monthly/${ids.monthlyReportId}`],
    ["one monthly report as CSV", `/api/reports/monthly/${ids.monthlyReportId}/csv`],
    ["size of an export, a day", `/api/reports/exports/csv/size?${last(1)}`],
    ["size of an export, 90 days", `/api/reports/exports/csv/size?${last(90)}`],
    ["size of a team's export, 90 days", `/api/reports/exports/csv/size?${last(90)}&teamId=${ids.teamId}`],
    ["schedule of monthly reports", "/api/reports/monthly-schedule"],
    ["saved views", "/api/saved-views?page=cost"],
    ["requests, newest, a day", requests(last(1))],
    ["requests, newest, 30 days", requests(last(30))],
    ["requests of a team, 30 days", requests(`${last(30)}&teamId=${ids.teamId}`)],
    ["requests of a key, 30 days", requests(`${last(30)}&virtualKeyId=${ids.keyId}`)],
    ["requests of a person, 30 days", requests(`${last(30)}&user=${ids.user}`)],
    ["requests of nobody, 7 days", requests(`${last(7)}&user=nobody`)],
    ["requests of nobody, 30 days", requests(`${last(30)}&user=nobody`)],
    ["requests of a route, 30 days", requests(`${last(30)}&routeId=${ids.routeId}`)],
    ["requests with a tag, 30 days", requests(`${last(30)}&tag=env%3Dprod`)],
    ["requests that failed, 30 days", requests(`${last(30)}&outcome=failed`)],
    ["requests that were refused, 30 days", requests(`${last(30)}&outcome=refused`)],
    ["requests with status 429, 30 days", requests(`${last(30)}&status=429`)],
    ["requests from the cache, 30 days", requests(`${last(30)}&cache=hit`)],
    ["one request", `/api/requests/${ids.requestId}`],
    ["why one request was blocked", `/api/requests/${ids.requestId}/refusal`],
    ["outcomes of a route, 7 days", `/api/routes/${ids.routeId}/outcomes?${last(7)}`],
    ["ledger, a day", `/api/reports/ledger?${last(1)}`],
    ["ledger, 30 days", `/api/reports/ledger?${last(30)}`],
    ["uncertain attempts, 30 days", `/api/reports/ledger/uncertain?limit=50&${last(30)}`],
    ["reconciliation, 30 days", `/api/reconciliation?${days(30)}`],
    ["unpriced usage, 30 days", `/api/reconciliation/unpriced?${days(30)}`],
    ["statements", "/api/reconciliation/statements"],
    ["closed months", "/api/reconciliation/periods"],
    ["budgets", "/api/budgets"],
    ["one budget", `/api/budgets/${ids.budgetId}`],
    ["budgets, outlook", "/api/budgets/outlook"],
    ["members of a budget", `/api/budgets/${ids.budgetId}/members`],
    ["budget alerts", "/api/budget-alerts"],
    ["rate limits", "/api/rate-limits"],
    ["one rate limit", `/api/rate-limits/${ids.rateLimitId}`],
    ["teams", "/api/teams"],
    ["one team", `/api/teams/${ids.teamId}`],
    ["projects", "/api/projects"],
    ["one project", `/api/projects/${ids.projectId}`],
    ["virtual keys", "/api/virtual-keys"],
    ["one virtual key", `/api/virtual-keys/${ids.keyId}`],
    ["health map", "/api/health-map"],
  ];
  const settings: readonly (readonly [string, string])[] = [
    ["session", "/api/session"],
    ["members", "/api/members"],
    ["admin tokens", "/api/admin-tokens"],
    ["audit log", "/api/audit-log"],
    ["provider kinds", "/api/provider-kinds"],
    ["provider connections", "/api/provider-connections"],
    ["one provider connection", `/api/provider-connections/${ids.connectionId}`],
    ["models", "/api/models"],
    ["one model", `/api/models/${ids.modelId}`],
    ["catalogue changes", "/api/catalogue-changes"],
    ["routes", "/api/routes"],
    ["one route", `/api/routes/${ids.routeId}`],
    ["policy revisions", "/api/policy-revisions"],
    ["one policy revision", "/api/policy-revisions/1"],
    ["difference of a revision", "/api/policy-revisions/1/diff"],
    ["fidelity runs", "/api/fidelity-runs"],
    ["gateway fees", "/api/gateway-fees"],
    ["alert webhooks", "/api/alert-webhooks"],
    ["system", "/api/system"],
  ];
  return [...usage, ...settings].map(([name, path]) => ({ name, path }));
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
