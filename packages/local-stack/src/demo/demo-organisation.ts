/** Who appears in the demo and what they may use. Names are the identity: what exists already is taken as it is. */

export const demoConnections = [
  { name: "Demo provider, east", provider: "demo-east", region: "eu-east" },
  { name: "Demo provider, west", provider: "demo-west", region: "eu-west" },
] as const;

export const demoModels = [
  { name: "demo-large", usdPerMillion: { input: "3.00", cached_input: "0.30", output: "15.00" }, operation: "chat" },
  { name: "demo-small", usdPerMillion: { input: "0.25", cached_input: "0.025", output: "1.25" }, operation: "chat" },
  { name: "demo-embeddings", usdPerMillion: { input: "0.10" }, operation: "embeddings" },
] as const;

type ConnectionName = (typeof demoConnections)[number]["name"];
type ModelName = (typeof demoModels)[number]["name"];

interface DemoRoute {
  name: string;
  targets: readonly (readonly [connection: ConnectionName, model: ModelName, weight: number])[];
  fallback?: string;
  cacheSeconds?: number;
}

/** A route falls back to an earlier one. */
export const demoRoutes: readonly DemoRoute[] = [
  { name: "summarise", targets: [["Demo provider, west", "demo-small", 100]], cacheSeconds: 600 },
  {
    name: "support-assistant",
    targets: [
      ["Demo provider, east", "demo-large", 60],
      ["Demo provider, west", "demo-large", 25],
      ["Demo provider, west", "demo-small", 15],
    ],
    fallback: "summarise",
  },
  {
    name: "code-review",
    targets: [
      ["Demo provider, east", "demo-large", 80],
      ["Demo provider, west", "demo-large", 20],
    ],
  },
  { name: "search-embeddings", targets: [["Demo provider, east", "demo-embeddings", 100]] },
];

/** The key has its project's name. */
export const demoProjects = [
  { team: "Customer support", name: "Help desk" },
  { team: "Customer support", name: "Ticket triage" },
  { team: "Search", name: "Catalogue search" },
  { team: "Platform", name: "Code review" },
  { team: "Platform", name: "Experiments" },
] as const;

export type ProjectName = (typeof demoProjects)[number]["name"];

export const demoBudgets = [
  { name: "Customer support, monthly", team: "Customer support", limitUsd: "25.00", period: "month", mode: "soft" },
  { name: "Platform, monthly", team: "Platform", limitUsd: "10.00", period: "month", mode: "hard" },
  { name: "Experiments, daily", project: "Experiments", limitUsd: "0.05", period: "day", mode: "hard" },
] as const;

export const demoRateLimits = [
  { name: "Catalogue search, requests", project: "Catalogue search", measure: "requests_per_minute", limit: 60 },
] as const;
