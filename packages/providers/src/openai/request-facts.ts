import type { ScannedObject } from "../json/scan-top-level.ts";

export interface ChatFacts {
  /** The route that the client asks for. */
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client asked for usage at the end of the stream. */
  readonly includeUsage: boolean;
  /** The client's own cap; null when it set none. */
  readonly outputTokensAsked: number | null;
  /** `n` */
  readonly answers: number;
  readonly hasTools: boolean;
  readonly hasImages: boolean;
  readonly wantsJsonSchema: boolean;
  readonly user: string | null;
  readonly serviceTier: string | null;
  /** Never below what a provider may count: what a hold is computed from. */
  readonly inputTokensAtMost: number;
  /** Hardly ever above what a provider counts: what planning passes a target over by. */
  readonly inputTokensAtLeast: number;
}

export interface EmbeddingsFacts {
  readonly model: string;
  readonly inputs: number;
  readonly user: string | null;
  readonly inputTokensAtMost: number;
  readonly inputTokensAtLeast: number;
}

export type FactsReading<Facts> =
  | { readonly ok: true; readonly facts: Facts }
  | { readonly ok: false; readonly param: string; readonly message: string };

/** Reads what admission and planning need of a chat request; fields nobody acts on may be anything. */
export function readChatFacts(
  parsed: Readonly<Record<string, unknown>>,
  members: ScannedObject,
): FactsReading<ChatFacts> {
  throw new Error(`not built yet: ${Object.keys(parsed).length} ${members.end}`);
}

/** The same for an embeddings request. */
export function readEmbeddingsFacts(
  parsed: Readonly<Record<string, unknown>>,
  members: ScannedObject,
): FactsReading<EmbeddingsFacts> {
  throw new Error(`not built yet: ${Object.keys(parsed).length} ${members.end}`);
}
