import type { PriceVersion } from "./price-version.ts";

/** One model of the price data set, with its prices in our own units. */
export interface ImportedModel {
  readonly providerKind: string;
  readonly providerModel: string;
  readonly displayName: string;
  readonly contextWindow: number | null;
  readonly prices: readonly Omit<PriceVersion, "priceVersionId" | "connectionId">[];
}

export interface PriceImportProblem {
  readonly providerKind: string;
  readonly providerModel: string;
  readonly priceKey: string;
  readonly reason: string;
}

export interface PriceImport {
  readonly models: readonly ImportedModel[];
  readonly problems: readonly PriceImportProblem[];
}

/** Converts the data of `@pydantic/genai-prices` into catalogue entries. */
export function importPrices(_providers: readonly unknown[]): PriceImport {
  throw new Error("not built yet");
}
