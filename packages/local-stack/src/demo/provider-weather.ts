/** How the simulated providers behave while the demo runs: mostly well, with an outage, a throttling and a slow spell. */
import { demoConnections } from "./demo-organisation.ts";

type Behaviour = Readonly<Record<string, unknown>>;

const calm: Record<string, Behaviour> = {
  "demo-large": {
    latencyMs: { p50: 180, p99: 900 },
    tokensPerSecond: 120,
    chunkTokens: 4,
    outputTokens: { min: 30, max: 220 },
    cachedTokensShare: 0.2,
    faultRate: 0.02,
    refusal: true,
  },
  "demo-small": {
    latencyMs: { p50: 90, p99: 400 },
    tokensPerSecond: 250,
    chunkTokens: 8,
    outputTokens: { min: 20, max: 120 },
  },
  "demo-embeddings": { latencyMs: { p50: 30, p99: 120 } },
};

const { "demo-large": large = {}, "demo-small": small = {} } = calm;
const [east, west] = demoConnections.map(({ provider }) => provider) as [string, string];

interface Spell {
  /** Share of the demo's time at which it begins. */
  from: number;
  description: string;
  provider: string;
  model: string;
  behaviour: Behaviour;
}

const withoutRefusals = { ...large, refusal: undefined };

const spells: readonly Spell[] = [
  {
    from: 0.25,
    description: "east has an outage: 6 of 10 calls fail",
    provider: east,
    model: "demo-large",
    behaviour: { ...withoutRefusals, faultRate: 0.6, errorStatus: 503, errorMessage: "The engine is overloaded." },
  },
  { from: 0.4, description: "east has recovered", provider: east, model: "demo-large", behaviour: large },
  {
    from: 0.5,
    description: "west throttles: 429 with Retry-After",
    provider: west,
    model: "demo-small",
    behaviour: { ...small, faultRate: 0.5, errorStatus: 429, retryAfter: "1" },
  },
  { from: 0.62, description: "west has recovered", provider: west, model: "demo-small", behaviour: small },
  {
    from: 0.72,
    description: "east is slow",
    provider: east,
    model: "demo-large",
    behaviour: { ...large, latencyMs: { p50: 900, p99: 4_000 } },
  },
  {
    from: 0.85,
    description: "west breaks off streams",
    provider: west,
    model: "demo-large",
    behaviour: { ...withoutRefusals, faultRate: 0.25, cutAfterChunks: 5 },
  },
  { from: 0.92, description: "everything is well again", provider: west, model: "demo-large", behaviour: large },
];

export interface ProviderWeather {
  /** Applies what is due at this share of the demo's time and says what changed last. */
  advance(share: number): Promise<string>;
  /** Leaves the providers as they were found. */
  clear(): Promise<void>;
}

export async function startWeather(simulatorUrl: string): Promise<ProviderWeather> {
  const pairs = [east, west].flatMap((provider) => Object.keys(calm).map((model) => [provider, model] as const));
  const set = (provider: string, model: string, behaviour: Behaviour) =>
    callSimulator(simulatorUrl, "PUT", `behaviours/${provider}/${model}`, behaviour);
  for (const [provider, model] of pairs) await set(provider, model, calm[model] ?? {});
  const due = [...spells];
  let latest = "all providers are well";
  return {
    advance: async (share) => {
      for (let spell = due[0]; spell !== undefined && spell.from <= share; spell = due[0]) {
        due.shift();
        await set(spell.provider, spell.model, spell.behaviour);
        latest = spell.description;
      }
      return latest;
    },
    clear: async () => {
      for (const [provider, model] of pairs)
        await callSimulator(simulatorUrl, "DELETE", `behaviours/${provider}/${model}`);
    },
  };
}

async function callSimulator(simulatorUrl: string, method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(`${simulatorUrl}/_simulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok && response.status !== 404) {
    throw new Error(`simulator: ${method} ${path} answered ${response.status}: ${await response.text()}`);
  }
  await response.body?.cancel();
}
