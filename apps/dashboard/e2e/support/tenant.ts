/** What a test needs to be alone with: a team, a project, a route of the simulator's models, and a key. */
import { randomBytes } from "node:crypto";
import OpenAI from "openai";
import { callAdminApi, findByName, findModel } from "./admin-api.ts";
import { readStack } from "./stack.ts";

export interface Tenant {
  /** Of the team, the project, the route and the key alike. */
  readonly name: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly routeId: string;
  readonly keyId: string;
  readonly key: string;
}

interface Created {
  readonly id: string;
}

/** Everything goes to sim-large until a test says otherwise; sim-small stands by with weight zero. */
export async function createTenant(): Promise<Tenant> {
  const name = `e2e-${randomBytes(4).toString("hex")}`;
  const [connection, large, small] = await Promise.all([
    findByName("/api/provider-connections", "simulator"),
    findModel("sim-large"),
    findModel("sim-small"),
  ]);
  const team = await callAdminApi<Created>("POST", "/api/teams", { name });
  const project = await callAdminApi<Created>("POST", "/api/projects", { teamId: team.id, name });
  const route = await callAdminApi<Created>("POST", "/api/routes", {
    name,
    targets: [
      { connectionId: connection.id, modelId: large, weight: 100 },
      { connectionId: connection.id, modelId: small, weight: 0 },
    ],
  });
  const { virtualKey, token } = await callAdminApi<{ virtualKey: Created; token: string }>(
    "POST",
    "/api/virtual-keys",
    {
      projectId: project.id,
      name,
    },
  );
  return { name, teamId: team.id, projectId: project.id, routeId: route.id, keyId: virtualKey.id, key: token };
}

function clientOf(key: string): OpenAI {
  return new OpenAI({ baseURL: `${readStack().gatewayUrl}/v1`, apiKey: key, maxRetries: 0 });
}

export interface CallOutcome {
  readonly status: number;
  /** Stable code of the gateway's error; null on success. */
  readonly code: string | null;
  readonly model: string | null;
  readonly requestId: string | null;
}

/** One chat call with the official client, as status, code and headers. */
export async function callOnce(key: string, route: string): Promise<CallOutcome> {
  const call = clientOf(key).chat.completions.create({
    model: route,
    max_completion_tokens: 16,
    messages: [{ role: "user", content: "Say hello" }],
  });
  try {
    const { response } = await call.withResponse();
    return {
      status: response.status,
      code: null,
      model: response.headers.get("x-switchyard-model"),
      requestId: response.headers.get("x-request-id"),
    };
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return {
      status: error.status ?? 0,
      code: error.code ?? null,
      model: null,
      requestId: error.headers?.get("x-request-id") ?? null,
    };
  }
}
