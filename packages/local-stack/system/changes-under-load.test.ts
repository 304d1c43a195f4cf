/** Prices, budgets and keys change while calls are under way: none fails, and each is priced by the version that it names. */
import { parseUsd } from "@switchyard/metering/pico-usd";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SimulatorApi } from "../src/audit/simulator-api.ts";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { LedgerReader } from "./support/ledger.ts";
import { clientOf, createTenant, waitUntilCallable, type Tenant } from "./support/tenant.ts";

const clients = 12;
/** US dollars per million tokens: apart enough that a call priced by another version than its own is found out. */
const versions = [
  { input: 1, output: 10 },
  { input: 3, output: 7 },
  { input: 0.5, output: 30 },
] as const;

let stack: Stack;
let admin: AdminApi;
let simulator: SimulatorApi;
let ledger: LedgerReader;
let database: pg.Pool;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: 3 });
  admin = new AdminApi(stack);
  simulator = new SimulatorApi(stack.simulatorUrl);
  ledger = new LedgerReader(stack.databaseUrl);
  database = new pg.Pool({ connectionString: stack.databaseUrl, max: 1 });
});

afterAll(async () => {
  await ledger?.close();
  await database?.end();
  await stack?.shutdown();
});

const linesOf = ({ input, output }: (typeof versions)[number]) => [
  { meter: "input", usd: String(input), per: 1_000_000 },
  { meter: "output", usd: String(output), per: 1_000_000 },
];

/** The gateway's own charge from the middle of the run on: a thousandth of a cent for each call, and 3.7 % of its cost. */
const fee = { perRequestUsd: "0.00001", percentOfCost: "3.7" };
const feePerRequestPicoUsd = 10_000_000n;
const feeThousandths = 37n;

interface Load {
  /** The key that calls are made with from now on. */
  key: string;
  readonly failures: string[];
  /** What answers said that their call cost, fee included, and their fee, by request; only whole answers can say it. */
  readonly told: Map<string, { readonly costUsd: string; readonly feeUsd: string }>;
  answered: number;
  stop(): Promise<void>;
}

function startLoad(tenant: Tenant): Load {
  let isRunning = true;
  const load: Load = { key: tenant.key, failures: [], told: new Map(), answered: 0, stop: async () => undefined };
  const run = async (client: number): Promise<void> => {
    for (let turn = client; isRunning; turn += 1) {
      const sdk = clientOf(stack, load.key);
      const body = {
        model: tenant.model,
        messages: [{ role: "user" as const, content: `call ${turn}` }],
        max_tokens: 50,
      };
      try {
        if (turn % 2 === 0) {
          const { response } = await sdk.chat.completions.create(body).withResponse();
          load.told.set(response.headers.get("x-request-id") ?? "none", {
            costUsd: response.headers.get("x-switchyard-cost-usd") ?? "none",
            feeUsd: response.headers.get("x-switchyard-gateway-fee-usd") ?? "0",
          });
        } else {
          let last: string | null | undefined;
          const stream = await sdk.chat.completions.create({ ...body, stream: true });
          for await (const chunk of stream) last = chunk.choices[0]?.finish_reason ?? last;
          if (last === undefined || last === null) load.failures.push("a stream without an end");
        }
        load.answered += 1;
      } catch (error) {
        load.failures.push(String(error));
      }
    }
  };
  const finished = Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  load.stop = async () => {
    isRunning = false;
    await finished;
  };
  return load;
}

async function untilMoreAnswered(load: Load, count: number): Promise<void> {
  const target = load.answered + count;
  while (load.answered < target && load.failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

interface PricedAttempt {
  readonly attempt_id: string;
  readonly price_version_id: string;
  readonly cost: string;
}

interface ChargedRequest {
  readonly request_id: string;
  readonly cost: string;
  readonly fee: string;
}

it("fails no call and misprices none", async () => {
  const tenant = await createTenant(stack, admin, linesOf(versions[0]));
  await simulator.behave(tenant.model, tenant.model, {
    latencyMs: { p50: 5, p99: 60 },
    outputTokens: { min: 5, max: 50 },
  });
  const budget = await admin.post<{ id: string }>("/api/budgets", {
    name: "edited under load",
    scope: { type: "project", id: tenant.projectId },
    limitUsd: "100",
    period: "total",
    mode: "hard",
  });
  const load = startLoad(tenant);
  await untilMoreAnswered(load, 60);

  await admin.post(`/api/models/${tenant.modelId}/prices`, { lines: linesOf(versions[1]) });
  await untilMoreAnswered(load, 60);
  await admin.call("PUT", "/api/gateway-fees", { scope: { type: "project", id: tenant.projectId }, ...fee });
  await untilMoreAnswered(load, 60);
  await admin.call("PATCH", `/api/budgets/${budget.id}`, { limitUsd: "50" });
  await untilMoreAnswered(load, 60);
  await admin.call("PATCH", `/api/budgets/${budget.id}`, { limitUsd: "80", mode: "soft" });
  await untilMoreAnswered(load, 60);
  await admin.call("PATCH", `/api/budgets/${budget.id}`, { mode: "hard" });

  const successor = await admin.post<{ token: string }>(`/api/virtual-keys/${tenant.keyId}/rotate`, {
    overlapSeconds: 60,
  });
  await waitUntilCallable(stack, { key: successor.token, model: tenant.model });
  load.key = successor.token;
  await untilMoreAnswered(load, 60);
  const added = await admin.post<{ credentials: { id: string }[] }>(
    `/api/provider-connections/${tenant.connectionId}/credentials`,
    { credential: "sk-simulated-9876543210" },
  );
  const [oldest] = added.credentials;
  await untilMoreAnswered(load, 60);
  await admin.call("DELETE", `/api/provider-connections/${tenant.connectionId}/credentials/${oldest?.id}`);
  await admin.post(`/api/models/${tenant.modelId}/prices`, { lines: linesOf(versions[2]) });
  await untilMoreAnswered(load, 400);
  await load.stop();
  expect(load.failures).toEqual([]);

  await ledger.settledAttempts(tenant.modelId, simulator, tenant.model);
  const { prices } = await admin.get<{ prices: { id: string; effectiveFrom: string }[] }>(
    `/api/models/${tenant.modelId}`,
  );
  const oldestFirst = prices.toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
  expect(oldestFirst).toHaveLength(versions.length);
  const priceOf = new Map(oldestFirst.map(({ id }, index) => [id, versions[index]]));
  const { rows } = await database.query<PricedAttempt>(
    `SELECT attempt_id, price_version_id, sum(amount_pico_usd)::text AS cost
     FROM ledger_entry JOIN attempt_log USING (attempt_id, started_at)
     WHERE ledger_entry.model_id = $1 AND kind IN ('settle', 'overrun') GROUP BY attempt_id, price_version_id`,
    [tenant.modelId],
  );
  const entries = await simulator.entries(tenant.model);
  expect(rows).toHaveLength(entries.length);
  const tokensOf = new Map(entries.map(({ attemptId, tokens }) => [attemptId, tokens]));
  const mispriced = rows.filter(({ attempt_id, price_version_id, cost }) => {
    const tokens = tokensOf.get(attempt_id);
    const price = priceOf.get(price_version_id);
    if (tokens === undefined || price === undefined) return true;
    const due = tokens.input * price.input * 1_000_000 + tokens.output * price.output * 1_000_000;
    return BigInt(cost) !== BigInt(Math.round(due));
  });
  expect(mispriced).toEqual([]);
  // Every version was in use, so the changes did meet calls under way.
  expect(new Set(rows.map(({ price_version_id }) => price_version_id)).size).toBe(versions.length);

  const charged = await database.query<ChargedRequest>(
    `SELECT request_id, coalesce(sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun')), 0)::text AS cost,
       coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'fee'), 0)::text AS fee
     FROM ledger_entry WHERE model_id = $1 GROUP BY request_id`,
    [tenant.modelId],
  );
  const withFee = charged.rows.filter(({ fee: amount }) => amount !== "0");
  expect(withFee.length).toBeGreaterThan(100);
  expect(withFee.length).toBeLessThan(charged.rows.length);
  const mischarged = withFee.filter(
    ({ cost, fee: amount }) => BigInt(amount) !== feePerRequestPicoUsd + (BigInt(cost) * feeThousandths) / 1_000n,
  );
  expect(mischarged).toEqual([]);
  const mistold = charged.rows.filter(({ request_id: requestId, cost, fee: amount }) => {
    const told = load.told.get(requestId);
    const total = BigInt(cost) + BigInt(amount);
    return told !== undefined && (parseUsd(told.costUsd) !== total || parseUsd(told.feeUsd) !== BigInt(amount));
  });
  expect(mistold).toEqual([]);
});
