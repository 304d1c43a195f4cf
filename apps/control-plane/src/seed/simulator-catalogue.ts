/** What a fresh installation can be tried with before anybody has a provider account: models of the built-in simulator. */
import type { Meter } from "@switchyard/metering/meters";
import type { Operation } from "@switchyard/metering/usage-event";

export const simulatorKind = "openai-compatible";

const chat = { operations: ["chat"], tools: true, vision: false, jsonSchema: true, streaming: true };

/** A model that does one thing and no chat. */
function only(operation: Operation) {
  return { operations: [operation], tools: false, vision: false, jsonSchema: false, streaming: false };
}

interface SimulatorModel {
  readonly providerModel: string;
  readonly displayName: string;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly capabilities: object;
  /** Pico-USD a token, picture, second, character or search unit; none is free. */
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
    capabilities: only("embeddings"),
    unitPrices: { input: 20_000n },
  },
  {
    providerModel: "sim-image",
    displayName: "Simulator pictures",
    contextWindow: null,
    maxOutputTokens: null,
    capabilities: only("images"),
    unitPrices: { images: 40_000_000_000n },
  },
  {
    providerModel: "sim-whisper",
    displayName: "Simulator ears",
    contextWindow: null,
    maxOutputTokens: null,
    capabilities: only("transcriptions"),
    unitPrices: { audio_seconds: 100_000_000n },
  },
  {
    providerModel: "sim-tts",
    displayName: "Simulator voice",
    contextWindow: null,
    maxOutputTokens: null,
    capabilities: only("speech"),
    unitPrices: { characters: 15_000_000n },
  },
  {
    providerModel: "sim-moderation",
    displayName: "Simulator moderation",
    contextWindow: null,
    maxOutputTokens: null,
    capabilities: only("moderations"),
    unitPrices: {},
  },
  {
    providerModel: "sim-rerank",
    displayName: "Simulator rerank",
    contextWindow: null,
    maxOutputTokens: null,
    capabilities: only("rerank"),
    unitPrices: { search_units: 2_000_000_000n },
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
  { name: "demo-images", targets: [{ connection: "simulator", model: "sim-image", weight: 100 }], fallbacks: [] },
  {
    name: "demo-transcriptions",
    targets: [{ connection: "simulator", model: "sim-whisper", weight: 100 }],
    fallbacks: [],
  },
  { name: "demo-speech", targets: [{ connection: "simulator", model: "sim-tts", weight: 100 }], fallbacks: [] },
  {
    name: "demo-moderations",
    targets: [{ connection: "simulator", model: "sim-moderation", weight: 100 }],
    fallbacks: [],
  },
  { name: "demo-rerank", targets: [{ connection: "simulator", model: "sim-rerank", weight: 100 }], fallbacks: [] },
];

export const sampleModel = "demo-chat";
