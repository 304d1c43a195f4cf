/** What most tests of the traffic path start from: a simulator that plays several providers, and a gateway before it. */
import { createSimulator, type Simulator } from "@switchyard/simulator/simulator";
import OpenAI from "openai";
import { startInProcessGateway, type GatewayOptions, type InProcessGateway } from "./in-process-gateway.ts";
import { createPolicy, type KeyFixture, type PolicyFixture, type RouteFixture } from "./policy-fixture.ts";

export interface GatewayAndProviders {
  readonly simulator: Simulator;
  readonly gateway: InProcessGateway;
  readonly policy: PolicyFixture;
  readonly client: OpenAI;
  clientFor(key: string): OpenAI;
  /** Sends bytes exactly as given. */
  send(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  close(): Promise<void>;
}

export async function startGatewayAndProviders(
  routesOf: (providerUrl: (provider: string) => string) => readonly RouteFixture[],
  options: GatewayOptions & { readonly keys?: readonly KeyFixture[] } = {},
): Promise<GatewayAndProviders> {
  const simulator = createSimulator();
  await simulator.listen();
  const routes = routesOf((provider) => `${simulator.url}/${provider}/v1`);
  const policy = createPolicy({ routes, ...(options.keys === undefined ? {} : { keys: options.keys }) });
  const gateway = await startInProcessGateway(policy, options);
  const [firstKey = ""] = Object.values(policy.keys);
  const clientFor = (key: string): OpenAI =>
    new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: policy.keys[key] ?? key, maxRetries: 0 });
  return {
    simulator,
    gateway,
    policy,
    client: clientFor(firstKey),
    clientFor,
    send: (path, body, headers = {}) =>
      fetch(`${gateway.url}${path}`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${firstKey}`, "content-type": "application/json", ...headers },
      }),
    close: async () => {
      await gateway.close();
      await simulator.close();
    },
  };
}

export const hello = [{ role: "user" as const, content: "hello" }];

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
