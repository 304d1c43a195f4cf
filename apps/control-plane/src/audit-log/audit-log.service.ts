import { Injectable } from "@nestjs/common";
import type { AuditEntry } from "@switchyard/api-contract/access";
import { instant } from "../database/instant.ts";
import { type Page, type PageRequest, toPage } from "../database/keyset.ts";
import { AuditEntryRepository, type AuditFilter } from "./audit-entry.repository.ts";

@Injectable()
export class AuditLogService {
  readonly #entries: AuditEntryRepository;

  constructor(entries: AuditEntryRepository) {
    this.#entries = entries;
  }

  async list(query: PageRequest & AuditFilter): Promise<Page<AuditEntry>> {
    const rows = await this.#entries.list(query, query);
    return toPage(
      rows,
      query.limit,
      ({ at, id }) => [at, id],
      ({ at, actorType, ...entry }) => ({
        ...entry,
        at: instant(at),
        actorType: actorType as AuditEntry["actorType"],
      }),
    );
  }
}
