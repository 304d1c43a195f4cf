/** Every provider kind that this build speaks. A new one is a folder, a line here and its manifest in manifests.ts. */
import { openaiCompatibleCodec } from "./openai-compatible/codec.ts";
import { openaiCodec } from "./openai/codec.ts";
import type { ProviderCodec } from "./provider-codec.ts";

export const providerCodecs: readonly ProviderCodec[] = [openaiCodec, openaiCompatibleCodec];

const codecsByKind: ReadonlyMap<string, ProviderCodec> = new Map(
  providerCodecs.map((codec) => [codec.manifest.kind, codec]),
);

/** Finds the codec of a provider kind; undefined for a kind that this build does not speak. */
export function findProviderCodec(kind: string): ProviderCodec | undefined {
  return codecsByKind.get(kind);
}
