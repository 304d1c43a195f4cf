/** What a fresh installation can be tried with before anybody has a provider account: models of the built-in simulator. */
import type { Meter } from "@switchyard/metering/meters";

export const simulatorKind = "openai-compatible";

const chat = { operations: ["chat"], tools: true, vision: false, jsonSchema: true, streaming: true };
const embeddings = { operations: ["embeddings"], tools: false, vision: false, jsonSchema: false, streaming: false };

interface SimulatorModel {
  readonly providerModel: string;
  readonly displayName: string;
  readonly contextWindow: number;
  readonly maxOutputTokens: number | null;
  readonly capabilities: object;
  /** Pico-USD a token. */
  readonly unitPrices: Readonly<Partial<Record<Meter, bigint>>>;
}

export const simulatorModels = [
  {
    providerModel: "sim-large",
    displayName: "Simulator large",
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    capabilities: chat,
    unitPrices: { input: 2_500_000n, cached_input: 1_250_000n, output: 10_000_000n },
  },
  {
    providerModel: "sim-small",
    displayName: "Simulator small",
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    capabilities: chat,
    unitPrices: { input: 150_000n, cached_input: 75_000n, output: 600_000n },
  },
  {
    providerModel: "sim-embeddings",
    displayName: "Simulator embeddings",
    contextWindow: 8_192,
    maxOutputTokens: null,
    capabilities: embeddings,
    unitPrices: { input: 20_000n },
  },
] as const satisfies readonly SimulatorModel[];

/** Two accounts at the simulator, so that a fallback has somewhere else to go. */
export const simulatorConnections = [
  { name: "simulator", path: "/v1" },
  { name: "simulator-backup", path: "/backup/v1" },
] as const;

type ConnectionName = (typeof simulatorConnections)[number]["name"];
type ModelName = (typeof simulatorModels)[number]["providerModel"];

interface SimulatorRoute {
  readonly name: string;
  readonly targets: readonly {
    readonly connection: ConnectionName;
    readonly model: ModelName;
    readonly weight: number;
  }[];
  readonly fallbacks: readonly string[];
}

/** In this order: a route falls back to earlier ones only. */
export const simulatorRoutes: readonly SimulatorRoute[] = [
  {
    name: "demo-fast",
    targets: [{ connection: "simulator-backup", model: "sim-small", weight: 100 }],
    fallbacks: [],
  },
  {
    name: "demo-chat",
    targets: [
      { connection: "simulator", model: "sim-large", weight: 70 },
      { connection: "simulator", model: "sim-small", weight: 30 },
    ],
    fallbacks: ["demo-fast"],
  },
  {
    name: "demo-embeddings",
    targets: [{ connection: "simulator", model: "sim-embeddings", weight: 100 }],
    fallbacks: [],
  },
];

export const sampleModel = "demo-chat";
