/** Who calls whom in an audit: one team, and in it a project for each kind of trouble, with prices of the audit's own. */
import { randomBytes } from "node:crypto";
import type { AdminClient } from "../demo/admin-client.ts";
import type { SimulatorApi, SimulatorEntry } from "./simulator-api.ts";

export const accountNames = [
  "steady",
  "leaving",
  "failing",
  "hostile",
  "quoting",
  "tight",
  "cached",
  "unpriced",
] as const;
export type AccountName = (typeof accountNames)[number];

export interface Account {
  readonly name: AccountName;
  readonly key: string;
  /** What clients send as `model`. */
  readonly route: string;
  /** What the simulator knows the model by. */
  readonly model: string;
  readonly projectId: string;
  readonly modelId: string;
  readonly budgetId: string;
  readonly limitPicoUsd: bigint;
  /** What the gateway charges on top: for each request, and of the provider's cost. */
  readonly fee: AgreedFee;
  /** What the first version of its prices makes of a call. */
  readonly priceOf: (entry: SimulatorEntry) => bigint;
  /** How many times that a later version charges, by the version's id. */
  readonly multiples: Map<string, bigint>;
  /** The name of the first provider of the route. */
  readonly provider: string;
}

export interface AgreedFee {
  readonly perRequestPicoUsd: bigint;
  /** Of the provider's cost. */
  readonly thousandths: bigint;
}

export interface Organisation {
  readonly teamId: string;
  readonly accounts: readonly Account[];
}

interface Named {
  readonly id: string;
}

const picoPerUsd = 10n ** 12n;
const usdPerMillion = { input: 2, cached_input: 0.5, output: 8, reasoning: 10 };
/** A tight account's calls cost a fee besides: enough to use its budget up within seconds. */
const feeUsd = 0.004;
const noFee: AgreedFee = { perRequestPicoUsd: 0n, thousandths: 0n };
/** Where attempts fail and are repeated, where clients leave, and where every cent counts. */
const fees: { readonly [name in AccountName]?: AgreedFee } = {
  failing: { perRequestPicoUsd: 30_000_001n, thousandths: 25n },
  leaving: { perRequestPicoUsd: 0n, thousandths: 111n },
  tight: { perRequestPicoUsd: 200_000_003n, thousandths: 37n },
};
const limitUsd: Readonly<Record<AccountName, number>> = {
  steady: 1_000,
  leaving: 1_000,
  failing: 1_000,
  hostile: 1_000,
  quoting: 1_000,
  tight: 0.12,
  cached: 1_000,
  unpriced: 1_000,
};

/** Whose prices change while calls are under way. */
const repriced: AccountName = "steady";
const mostMultiples = 5;

/** Adds the next version of a price: each is another multiple of the first. */
export async function changePrices(admin: AdminClient, { accounts }: Organisation, turn: number): Promise<void> {
  const multiple = 1 + (turn % mostMultiples);
  const lines = Object.entries(usdPerMillion).map(([meter, usd]) => ({
    meter,
    usd: String(usd * multiple),
    per: 1_000_000,
  }));
  for (const { name, modelId } of accounts) {
    if (name === repriced) await admin.post(`/api/models/${modelId}/prices`, { lines });
  }
}

const thresholds = [
  [50, 80, 100],
  [60, 90],
] as const;

/** Edits the budget that is spent to its end, over and over, and nothing of it that says how much may be spent. */
export async function editBudgets(admin: AdminClient, { accounts }: Organisation, turn: number): Promise<void> {
  for (const { name, budgetId } of accounts) {
    if (name !== "tight") continue;
    await admin.patch(`/api/budgets/${budgetId}`, { thresholdsPct: thresholds[turn % thresholds.length] });
  }
}

interface PricedModel {
  readonly prices: readonly {
    readonly id: string;
    readonly lines: readonly { readonly meter: string; readonly usd: string; readonly per: number }[];
  }[];
}

/** Learns which version charges what: a change that nobody confirmed may have been made all the same. */
export async function learnMultiples(admin: AdminClient, { accounts }: Organisation): Promise<void> {
  for (const { name, modelId, multiples } of accounts) {
    if (name !== repriced) continue;
    const { prices } = await admin.get<PricedModel>(`/api/models/${modelId}`);
    for (const { id, lines } of prices) {
      const output = lines.find(({ meter }) => meter === "output");
      if (output === undefined) throw new Error(`price version ${id} has no price for output`);
      const perMillion = (Number(output.usd) / output.per) * 1_000_000;
      multiples.set(id, BigInt(Math.round(perMillion / usdPerMillion.output)));
    }
  }
}

/** The audit's own arithmetic: what the provider counted times the prices as they were agreed. */
function priceWith(feePicoUsd: bigint): Account["priceOf"] {
  const pico = (usd: number): bigint => BigInt(Math.round(usd * 1_000_000));
  return ({ tokens }) =>
    feePicoUsd +
    BigInt(tokens.input) * pico(usdPerMillion.input) +
    BigInt(tokens.cachedInput) * pico(usdPerMillion.cached_input) +
    BigInt(tokens.output) * pico(usdPerMillion.output) +
    BigInt(tokens.reasoning) * pico(usdPerMillion.reasoning);
}

export async function createOrganisation(admin: AdminClient, simulatorUrl: string): Promise<Organisation> {
  const run = randomBytes(4).toString("hex");
  const team = await admin.post<Named>("/api/teams", { name: `audit-${run}` });
  const accounts: Account[] = [];
  for (const name of accountNames) accounts.push(await createAccount(admin, simulatorUrl, team.id, name, run));
  return { teamId: team.id, accounts };
}

async function createAccount(
  admin: AdminClient,
  simulatorUrl: string,
  teamId: string,
  name: AccountName,
  run: string,
): Promise<Account> {
  const route = `${name}-${run}`;
  const project = await admin.post<Named>("/api/projects", { teamId, name: route });
  const connect = async (provider: string): Promise<string> => {
    const connection = await admin.post<Named>("/api/provider-connections", {
      name: provider,
      kind: "openai-compatible",
      baseUrl: `${simulatorUrl}/${provider}/v1`,
      credential: "sk-simulated-0123456789",
      abortBilling: name === "leaving" ? "stops" : "runs_on",
    });
    return connection.id;
  };
  const lines = Object.entries(usdPerMillion).map(([meter, usd]) => ({ meter, usd: String(usd), per: 1_000_000 }));
  if (name === "tight") lines.push({ meter: "requests", usd: String(feeUsd), per: 1 });
  const model = await admin.post<Named>("/api/models", {
    providerKind: "openai-compatible",
    providerModel: route,
    contextWindow: 100_000,
    maxOutputTokens: name === "tight" ? 200 : 2_000,
    ...(name === "unpriced" ? {} : { price: { lines } }),
  });
  const connectionIds = [await connect(route), ...(name === "failing" ? [await connect(`${route}-sound`)] : [])];
  await admin.post("/api/routes", {
    name: route,
    strategy: { type: "priority" },
    targets: connectionIds.map((connectionId) => ({ connectionId, modelId: model.id, weight: 0 })),
    timeouts: { connectMs: 1_000, firstByteMs: 2_000, idleMs: 10_000, totalMs: 30_000 },
    ...(name === "cached" ? { responseCache: { enabled: true, ttlSeconds: 600 } } : {}),
  });
  const budget = await admin.post<Named>("/api/budgets", {
    name: route,
    scope: { type: "project", id: project.id },
    limitUsd: String(limitUsd[name]),
    period: "total",
    mode: "hard",
  });
  const fee = fees[name];
  if (fee !== undefined) {
    await admin.put("/api/gateway-fees", {
      scope: { type: "project", id: project.id },
      perRequestUsd: `0.${fee.perRequestPicoUsd.toString().padStart(12, "0")}`,
      percentOfCost: String(Number(fee.thousandths) / 10),
    });
  }
  const { token } = await admin.post<{ token: string }>("/api/virtual-keys", { projectId: project.id, name: route });
  return {
    name,
    key: token,
    route,
    model: route,
    projectId: project.id,
    fee: fee ?? noFee,
    modelId: model.id,
    budgetId: budget.id,
    multiples: new Map(),
    limitPicoUsd: (BigInt(Math.round(limitUsd[name] * 1_000)) * picoPerUsd) / 1_000n,
    priceOf: priceWith(name === "tight" ? (BigInt(Math.round(feeUsd * 1_000)) * picoPerUsd) / 1_000n : 0n),
    provider: route,
  };
}

const pace = { latencyMs: { p50: 8, p99: 60 }, tokensPerSecond: 800, outputTokens: { min: 8, max: 120 } };
/** Long enough to be under way when its price changes. */
const unhurried = { ...pace, tokensPerSecond: 150, cachedTokensShare: 0.4, reasoningTokens: 5 };
const sound = { ...pace, cachedTokensShare: 0.4, reasoningTokens: 5 };

/** What goes wrong at the providers, changed from time to time: each list is gone through in turn. */
const weather: Partial<Record<AccountName, readonly Record<string, unknown>[]>> = {
  failing: [
    { errorStatus: 500 },
    { cutAfterBytes: 700 },
    { garbage: "truncated_json", billOnError: true },
    { errorMidStream: 4 },
    { connectRefusal: true },
    { cleanEofAfterChunks: 5 },
    { garbage: "error_in_200", billOnError: true },
    { slowFirstByteMs: 4_000 },
    { garbage: "html", billOnError: true },
  ].map((fault) => ({ ...sound, ...fault, faultRate: 0.5 })),
  hostile: ["negative", "nan", "huge", "missing", "string", "unsafe", "float", "astronomic", "null"].map(
    (malformedUsage) => ({ ...sound, malformedUsage }),
  ),
  // The counts are true, and beside them stands what the provider says that they cost.
  quoting: [0.25, -0.5, "0.25", 1e308, 0, "free", null].map((reportedCost) => ({
    ...sound,
    reportedCost,
    faultRate: 0.5,
  })),
};

/** Sets every provider to its weather number `turn`. */
export async function setWeather(simulator: SimulatorApi, { accounts }: Organisation, turn: number): Promise<void> {
  for (const { name, provider, model } of accounts) {
    const turns = weather[name];
    await simulator.behave(provider, model, turns?.[turn % turns.length] ?? (name === repriced ? unhurried : sound));
    if (name === "failing") await simulator.behave(`${provider}-sound`, model, sound);
  }
}
