/** Makes sure that the demo's organisation exists; run again, it finds everything and changes nothing. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError } from "../operator-error.ts";
import { writePrivateFile } from "../stack/state-folder.ts";
import type { AdminClient } from "./admin-client.ts";
import {
  demoBudgets,
  demoConnections,
  demoModels,
  demoProjects,
  demoRateLimits,
  demoRoutes,
  type ProjectName,
} from "./demo-organisation.ts";

interface Named {
  id: string;
  name: string;
}

export type DemoKeys = Readonly<Record<ProjectName, string>>;

export interface DemoSurroundings {
  admin: AdminClient;
  gatewayUrl: string;
  simulatorUrl: string;
  /** Where the tokens of the demo's keys are kept, because the control plane shows a token once. */
  keysFile: string;
}

const policyPatienceMs = 20_000;

export async function setUpDemo(surroundings: DemoSurroundings): Promise<DemoKeys> {
  const { admin } = surroundings;
  await setUpRoutes(surroundings);
  const teams = await provide(admin, "/api/teams", [...new Set(demoProjects.map(({ team }) => team))], (name) => ({
    name,
  }));
  const projects = await provide(
    admin,
    "/api/projects",
    demoProjects.map(({ name }) => name),
    (name) => ({ name, teamId: teams.get(demoProjects.find((project) => project.name === name)?.team ?? "") }),
  );
  const scopeOf = (row: { team?: string; project?: string }) =>
    row.team === undefined
      ? { type: "project", id: projects.get(row.project ?? "") }
      : { type: "team", id: teams.get(row.team) };
  await provideEach(admin, "/api/budgets", demoBudgets, ({ name, limitUsd, period, mode, ...owner }) => ({
    name,
    limitUsd,
    period,
    mode,
    scope: scopeOf(owner),
  }));
  await provideEach(admin, "/api/rate-limits", demoRateLimits, ({ name, measure, limit, ...owner }) => ({
    name,
    measure,
    limit,
    scope: scopeOf(owner),
  }));
  return await provideKeys(surroundings, projects);
}

async function setUpRoutes({ admin, simulatorUrl }: DemoSurroundings): Promise<void> {
  const connections = await provideEach(
    admin,
    "/api/provider-connections",
    demoConnections,
    ({ name, provider, region }) => ({
      name,
      region,
      kind: "openai-compatible",
      baseUrl: `${simulatorUrl}/${provider}/v1`,
    }),
  );
  const models = new Map<string, string>();
  for (const { name, usdPerMillion, operation } of demoModels) {
    const found = await admin.list<{ id: string; providerModel: string }>(`/api/models?search=${name}`);
    const model =
      found.find(({ providerModel }) => providerModel === name) ??
      (await admin.post<{ id: string }>("/api/models", {
        providerKind: "openai-compatible",
        providerModel: name,
        contextWindow: 128_000,
        maxOutputTokens: operation === "chat" ? 4_096 : null,
        capabilities: {
          operations: [operation],
          tools: operation === "chat",
          vision: false,
          jsonSchema: operation === "chat",
          streaming: operation === "chat",
        },
        price: { lines: Object.entries(usdPerMillion).map(([meter, usd]) => ({ meter, usd, per: 1_000_000 })) },
      }));
    models.set(name, model.id);
  }
  const routes = new Map((await admin.list<Named>("/api/routes")).map(({ id, name }) => [name, id]));
  for (const { name, targets, fallback, cacheSeconds } of demoRoutes) {
    if (routes.has(name)) continue;
    const route = await admin.post<Named>("/api/routes", {
      name,
      targets: targets.map(([connection, model, weight]) => ({
        connectionId: connections.get(connection),
        modelId: models.get(model),
        weight,
      })),
      fallbackRouteIds: fallback === undefined ? [] : [routes.get(fallback)],
      ...(cacheSeconds === undefined ? {} : { responseCache: { enabled: true, ttlSeconds: cacheSeconds } }),
    });
    routes.set(name, route.id);
  }
}

/** Finds what has the name of a row, or creates it; answers ids by name. */
async function provideEach<Row extends { name: string }>(
  admin: AdminClient,
  path: string,
  rows: readonly Row[],
  bodyOf: (row: Row) => unknown,
): Promise<Map<string, string>> {
  const ids = new Map((await admin.list<Named>(path)).map(({ id, name }) => [name, id]));
  for (const row of rows) {
    if (!ids.has(row.name)) ids.set(row.name, (await admin.post<Named>(path, bodyOf(row))).id);
  }
  return ids;
}

async function provide(
  admin: AdminClient,
  path: string,
  names: readonly string[],
  bodyOf: (name: string) => unknown,
): Promise<Map<string, string>> {
  return await provideEach(
    admin,
    path,
    names.map((name) => ({ name })),
    ({ name }) => bodyOf(name),
  );
}

async function provideKeys(
  { admin, gatewayUrl, keysFile }: DemoSurroundings,
  projects: ReadonlyMap<string, string>,
): Promise<DemoKeys> {
  const kept = readKeys(keysFile);
  const keys: Record<string, string> = {};
  for (const { name } of demoProjects) {
    const token = kept[name];
    if (token !== undefined && (await isAccepted(gatewayUrl, token))) keys[name] = token;
    else {
      const body = { projectId: projects.get(name), name };
      keys[name] = (await admin.post<{ token: string }>("/api/virtual-keys", body)).token;
    }
  }
  writePrivateFile(keysFile, `${JSON.stringify(keys, null, 2)}\n`);
  const deadline = Date.now() + policyPatienceMs;
  for (const token of Object.values(keys)) {
    while (!(await isAccepted(gatewayUrl, token))) {
      if (Date.now() > deadline) throw new OperatorError("The gateway does not take over new keys; see its log.");
      await sleep(200);
    }
  }
  return keys as DemoKeys;
}

function readKeys(file: string): Record<string, string | undefined> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

async function isAccepted(gatewayUrl: string, token: string): Promise<boolean> {
  const response = await fetch(`${gatewayUrl}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.ok;
}
