import { waitForUpdate } from "@pydantic/genai-prices";
import type { PriceDataProvider } from "@switchyard/metering/price-data";
import { importPrices, type ImportedModel } from "@switchyard/metering/price-import";

export const catalogueSource = "@pydantic/genai-prices";

/** The data set's names of providers that we know by another kind. */
const kindOfProvider: Readonly<Record<string, string>> = {
  "x-ai": "xai",
  google: "google-gemini",
  azure: "azure-openai",
  aws: "aws-bedrock",
};

/** What the price package of this release bundles, without what its providers are about to withdraw; nothing is downloaded. */
export async function offeredCatalogue(): Promise<ImportedModel[]> {
  // Without an update under way this is the bundled data.
  const providers = (await waitForUpdate()) as readonly PriceDataProvider[];
  return importPrices(providers)
    .models.filter(({ isDeprecated }) => !isDeprecated)
    .map((model) => ({ ...model, providerKind: kindOfProvider[model.providerKind] ?? model.providerKind }));
}
