import { Injectable } from "@nestjs/common";
import { waitForUpdate } from "@pydantic/genai-prices";
import type { PriceDataProvider } from "@switchyard/metering/price-data";
import { importPrices } from "@switchyard/metering/price-import";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { CatalogueImportRepository } from "./catalogue-import.repository.ts";

const source = "@pydantic/genai-prices";

/** The data set's names of providers that we know by another kind. */
const kindOfProvider: Readonly<Record<string, string>> = {
  "x-ai": "xai",
  google: "google-gemini",
  azure: "azure-openai",
  aws: "aws-bedrock",
};

/** The model catalogue as the price package bundles it; nothing is downloaded. */
@Injectable()
export class CatalogueSeeder {
  readonly #catalogue: CatalogueImportRepository;

  constructor(catalogue: CatalogueImportRepository) {
    this.#catalogue = catalogue;
  }

  async seed(connection: Connection, actor: Actor): Promise<void> {
    // Without an update under way this is the bundled data.
    const providers = (await waitForUpdate()) as readonly PriceDataProvider[];
    const { models } = importPrices(providers);
    const offered = models
      .filter(({ isDeprecated }) => !isDeprecated)
      .map((model) => ({ ...model, providerKind: kindOfProvider[model.providerKind] ?? model.providerKind }));
    await this.#catalogue.import(connection, offered, source, actor.name);
  }
}
