/** What a test needs to be alone with: its own team, project, key, model and route. */
import { randomBytes } from "node:crypto";
import OpenAI from "openai";
import type { Stack } from "../../src/stack.ts";
import type { AdminApi } from "./admin-api.ts";

export interface PriceLine {
  readonly meter: string;
  readonly usd: string;
  readonly per: number;
}

export interface Tenant {
  readonly teamId: string;
  readonly projectId: string;
  readonly keyId: string;
  readonly key: string;
  readonly modelId: string;
  /** What clients send as `model`; also what the simulator knows the model by, so that bodies pass unchanged. */
  readonly model: string;
  readonly connectionId: string;
  readonly routeId: string;
}

interface Named {
  readonly id: string;
}

/** Publishes everything and waits until the gateway answers calls of the new key. */
export async function createTenant(stack: Stack, admin: AdminApi, price: readonly PriceLine[]): Promise<Tenant> {
  const name = `t-${randomBytes(5).toString("hex")}`;
  const team = await admin.post<Named>("/api/teams", { name });
  const project = await admin.post<Named>("/api/projects", { teamId: team.id, name });
  const connection = await admin.post<Named>("/api/provider-connections", {
    name,
    kind: "openai-compatible",
    baseUrl: `${stack.simulatorUrl}/${name}/v1`,
    credential: "sk-simulated-0123456789",
  });
  const model = await admin.post<Named>("/api/models", {
    providerKind: "openai-compatible",
    providerModel: name,
    contextWindow: 100_000,
    maxOutputTokens: 4_000,
    price: { lines: price },
  });
  const route = await admin.post<Named>("/api/routes", {
    name,
    targets: [{ connectionId: connection.id, modelId: model.id, weight: 100 }],
  });
  const issued = await admin.post<{ virtualKey: Named; token: string }>("/api/virtual-keys", {
    projectId: project.id,
    name,
  });
  const tenant = {
    teamId: team.id,
    projectId: project.id,
    keyId: issued.virtualKey.id,
    key: issued.token,
    modelId: model.id,
    model: name,
    connectionId: connection.id,
    routeId: route.id,
  };
  await waitUntilCallable(stack, tenant);
  return tenant;
}

/** Models are listed from the policy that a gateway process runs, so the route shows once the process has it. */
export async function waitUntilCallable(
  stack: Stack,
  tenant: Pick<Tenant, "key" | "model">,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  // Processes hear of a revision one by one; several answers in a row come from several of them.
  let inARow = 0;
  while (inARow < 12) {
    const response = await fetch(`${stack.gatewayUrl}/v1/models`, {
      headers: { authorization: `Bearer ${tenant.key}`, connection: "close" },
    });
    const body = response.ok ? ((await response.json()) as { data: { id: string }[] }) : { data: [] };
    inARow = body.data.some(({ id }) => id === tenant.model) ? inARow + 1 : 0;
    if (performance.now() > deadline)
      throw new Error(`the gateway does not know ${tenant.model} after ${timeoutMs} ms`);
    if (inARow === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function clientOf(stack: Stack, key: string): OpenAI {
  return new OpenAI({ baseURL: `${stack.gatewayUrl}/v1`, apiKey: key, maxRetries: 0 });
}
