import { Injectable } from "@nestjs/common";
import type { Actor } from "../auth/actor.ts";
import { catalogueSource, offeredCatalogue } from "../catalogue-changes/offered-catalogue.ts";
import type { Connection } from "../database/database.ts";
import { CatalogueImportRepository } from "./catalogue-import.repository.ts";

/** The model catalogue as the price package bundles it. */
@Injectable()
export class CatalogueSeeder {
  readonly #catalogue: CatalogueImportRepository;

  constructor(catalogue: CatalogueImportRepository) {
    this.#catalogue = catalogue;
  }

  async seed(connection: Connection, actor: Actor): Promise<void> {
    await this.#catalogue.import(connection, await offeredCatalogue(), catalogueSource, actor.name);
  }
}
