/** Two simulated providers and a route that prefers the first, alone with a key of their own. */
import { randomBytes } from "node:crypto";
import type { AdminClient } from "../demo/admin-client.ts";
import { ProviderFront } from "./provider-front.ts";
import { drillTimeouts, usualLatencyMs } from "./scenarios.ts";

interface Named {
  readonly id: string;
}

const inputMicroUsd = 2;
const outputMicroUsd = 8;

/** A line of the simulator's own account. */
interface BilledCall {
  readonly outcome: string;
  readonly tokens: { readonly input: number; readonly output: number };
}

/** What a route of a drill is besides its targets. */
interface DrillRoute {
  readonly strategy: object;
  readonly timeouts: object;
  readonly resilience?: object;
}

/** The first as long as it answers. */
export const drillTargets: DrillRoute = { strategy: { type: "priority" }, timeouts: drillTimeouts };

export interface DrillSite {
  readonly gatewayUrl: string;
  readonly simulatorUrl: string;
  readonly admin: AdminClient;
}

export class DrillProviders {
  readonly key: string;
  readonly route: string;
  /** How gateway and simulator name the two. */
  readonly first: string;
  readonly second: string;
  readonly #site: DrillSite;
  readonly #front: ProviderFront;

  private constructor(site: DrillSite, front: ProviderFront, key: string, route: string) {
    this.#site = site;
    this.#front = front;
    this.key = key;
    this.route = route;
    this.first = `${route}-first`;
    this.second = `${route}-second`;
  }

  /** Publishes everything, and waits until the gateway answers calls of the route. */
  static async create(site: DrillSite, settings: DrillRoute = drillTargets): Promise<DrillProviders> {
    const { admin, simulatorUrl } = site;
    const route = `drill-${randomBytes(5).toString("hex")}`;
    const front = await ProviderFront.open(simulatorUrl);
    const team = await admin.post<Named>("/api/teams", { name: route });
    const project = await admin.post<Named>("/api/projects", { teamId: team.id, name: route });
    const model = await admin.post<Named>("/api/models", {
      providerKind: "openai-compatible",
      providerModel: route,
      contextWindow: 100_000,
      maxOutputTokens: 4_000,
      price: {
        lines: [
          { meter: "input", usd: String(inputMicroUsd), per: 1_000_000 },
          { meter: "output", usd: String(outputMicroUsd), per: 1_000_000 },
        ],
      },
    });
    const issued = await admin.post<{ token: string }>("/api/virtual-keys", { projectId: project.id, name: route });
    const providers = new DrillProviders(site, front, issued.token, route);
    const targets: { connectionId: string; modelId: string; weight: number }[] = [];
    for (const [name, url] of [
      [providers.first, front.url],
      [providers.second, simulatorUrl],
    ]) {
      const connection = await admin.post<Named>("/api/provider-connections", {
        name,
        kind: "openai-compatible",
        baseUrl: `${url}/${name}/v1`,
        credential: "sk-simulated-0123456789",
        abortBilling: "stops",
      });
      targets.push({ connectionId: connection.id, modelId: model.id, weight: 0 });
    }
    await admin.post("/api/routes", {
      name: route,
      targets,
      ...settings,
    });
    await providers.heal();
    await providers.#waitUntilCallable();
    return providers;
  }

  /** Both answer as usual. */
  async heal(): Promise<void> {
    for (const provider of [this.first, this.second]) await this.behave(provider, {});
  }

  async behave(provider: string, fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#simulator("PUT", `behaviours/${provider}/*`, { latencyMs: usualLatencyMs, ...fault });
  }

  /** Nobody listens at the first provider's address any more. */
  closeFirst(): void {
    this.#front.close();
  }

  /** How many calls have reached a provider. */
  async received(provider: string): Promise<number> {
    const query = `ledger?provider=${provider}&model=${this.route}&limit=1`;
    const { totals } = await this.#simulator<{ totals: { calls: number } }>("GET", query);
    return totals.calls;
  }

  /** What the providers billed, and how much of it for answers that were broken off; in millionths of a dollar. */
  async billedMicroUsd(): Promise<{ readonly whole: number; readonly brokenOff: number }> {
    const query = `ledger?model=${this.route}&limit=10000`;
    const { entries } = await this.#simulator<{ entries: readonly BilledCall[] }>("GET", query);
    const billed = { whole: 0, brokenOff: 0 };
    for (const { outcome, tokens } of entries) {
      const cost = tokens.input * inputMicroUsd + tokens.output * outputMicroUsd;
      billed[outcome === "complete" ? "whole" : "brokenOff"] += cost;
    }
    return billed;
  }

  async #simulator<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#site.simulatorUrl}/_simulator/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the simulator answered ${response.status} to ${method} ${path}`);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  /** Gateway processes hear of a revision one by one; several answers in a row come from several of them. */
  async #waitUntilCallable(): Promise<void> {
    const deadline = performance.now() + 15_000;
    for (let inARow = 0; inARow < 12;) {
      const response = await fetch(`${this.#site.gatewayUrl}/v1/models`, {
        headers: { authorization: `Bearer ${this.key}`, connection: "close" },
      });
      const names = response.ok ? ((await response.json()) as { data: { id: string }[] }).data : [];
      inARow = names.some(({ id }) => id === this.route) ? inARow + 1 : 0;
      if (performance.now() > deadline) throw new Error(`the gateway does not know ${this.route}`);
      if (inARow === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
