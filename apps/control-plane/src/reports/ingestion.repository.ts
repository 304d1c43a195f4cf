import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";

@Injectable()
export class IngestionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** When the newest batch of a gateway's journal reached the ledger: how far the figures can be trusted. */
  async lastIngestedAt(): Promise<Date | null> {
    const newest = await this.#database.client.journalBatch.findFirst({
      select: { ingestedAt: true },
      orderBy: { ingestedAt: "desc" },
    });
    return newest?.ingestedAt ?? null;
  }
}
