/** Two providers that a test may break, a cheap model and a dear one, and a key: what it takes to force a decision. */
import { randomBytes } from "node:crypto";
import { expect } from "@playwright/test";
import { callAdminApi } from "./admin-api.ts";
import { readStack } from "./stack.ts";

interface Created {
  readonly id: string;
}

export interface RouteTarget {
  readonly connectionId: string;
  readonly modelId: string;
  readonly weight: number;
  readonly groupId?: string;
}

interface SentCall {
  readonly headers?: Readonly<Record<string, string>>;
  readonly stream?: boolean;
}

export interface Reason {
  readonly code: string;
  readonly text: string;
}

export class DecisionSite {
  readonly name: string;
  /** In region eu-north, with the cheap model. */
  readonly cheap: RouteTarget;
  /** In region us-east, with the dear one. */
  readonly dear: RouteTarget;
  /** How receipts name the two. */
  readonly cheapLabel: string;
  readonly dearLabel: string;
  readonly #key: string;

  private constructor(name: string, key: string, cheap: RouteTarget, dear: RouteTarget) {
    this.name = name;
    this.#key = key;
    this.cheap = cheap;
    this.dear = dear;
    this.cheapLabel = `${name}-north / ${name}-cheap`;
    this.dearLabel = `${name}-east / ${name}-dear`;
  }

  static async create(): Promise<DecisionSite> {
    const name = `decide-${randomBytes(4).toString("hex")}`;
    const team = await callAdminApi<Created>("POST", "/api/teams", { name });
    const project = await callAdminApi<Created>("POST", "/api/projects", { teamId: team.id, name });
    const { token } = await callAdminApi<{ token: string }>("POST", "/api/virtual-keys", {
      projectId: project.id,
      name,
    });
    const cheap = await target(name, "north", "eu-north", "cheap", "1");
    const dear = await target(name, "east", "us-east", "dear", "1000");
    const site = new DecisionSite(name, token, cheap, dear);
    await site.behave("north", {});
    await site.behave("east", {});
    return site;
  }

  /** How the simulator plays a provider: `north` or `east`. */
  async behave(provider: "north" | "east", fault: Readonly<Record<string, unknown>>): Promise<void> {
    const url = `${process.env["SWITCHYARD_SIMULATOR_URL"]}/_simulator/behaviours/${this.name}-${provider}/*`;
    const body = JSON.stringify({ latencyMs: 5, outputTokens: 8, ...fault });
    const response = await fetch(url, { method: "PUT", headers: { "content-type": "application/json" }, body });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
  }

  /** Publishes a route and waits until the gateway has it. */
  async publish(settings: Readonly<Record<string, unknown>>): Promise<string> {
    const route = `${this.name}-${randomBytes(3).toString("hex")}`;
    await callAdminApi("POST", "/api/routes", { name: route, targets: [this.cheap, this.dear], ...settings });
    const knows = async () => {
      const response = await fetch(`${readStack().gatewayUrl}/v1/models/${route}`, { headers: this.#headers({}) });
      await response.body?.cancel();
      return response.status;
    };
    await expect.poll(knows).toBe(200);
    return route;
  }

  /** One call, read to its end. */
  async call(route: string, { headers = {}, stream = false }: SentCall = {}) {
    const response = await fetch(`${readStack().gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...this.#headers(headers) },
      body: JSON.stringify({
        model: route,
        max_tokens: 100,
        stream,
        messages: [{ role: "user", content: "Say hello" }],
      }),
    });
    const text = await response.text();
    return {
      status: response.status,
      text,
      requestId: response.headers.get("x-request-id") ?? "",
      model: response.headers.get("x-switchyard-model"),
    };
  }

  #headers(more: Readonly<Record<string, string>>): Record<string, string> {
    return { authorization: `Bearer ${this.#key}`, ...more };
  }
}

async function target(site: string, place: string, region: string, kind: string, usd: string): Promise<RouteTarget> {
  const connection = await callAdminApi<Created>("POST", "/api/provider-connections", {
    name: `${site}-${place}`,
    kind: "openai-compatible",
    baseUrl: `${process.env["SWITCHYARD_SIMULATOR_URL"]}/${site}-${place}/v1`,
    credential: "sk-simulated-0123456789",
    region,
  });
  const model = await callAdminApi<Created>("POST", "/api/models", {
    providerKind: "openai-compatible",
    providerModel: `${site}-${kind}`,
    contextWindow: 100_000,
    maxOutputTokens: 4_000,
    price: {
      lines: [
        { meter: "input", usd, per: 1_000_000 },
        { meter: "output", usd, per: 1_000_000 },
      ],
    },
  });
  return { connectionId: connection.id, modelId: model.id, weight: 1 };
}

/** The reasons of a call's receipt, once the worker has written it. */
export async function reasonsOf(requestId: string): Promise<readonly Reason[]> {
  let because: readonly Reason[] = [];
  const isThere = async () => {
    const receipt = await callAdminApi<{ because: readonly Reason[] }>("GET", `/api/requests/${requestId}`).catch(
      () => null,
    );
    because = receipt?.because ?? [];
    return receipt !== null;
  };
  await expect.poll(isThere).toBe(true);
  return because;
}
