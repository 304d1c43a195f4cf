import type { ProviderCodec } from "./provider-codec.ts";

/** Finds the codec of a provider kind; undefined for a kind that this build does not speak. */
export function findProviderCodec(kind: string): ProviderCodec | undefined {
  throw new Error(`not built yet: ${kind}`);
}
