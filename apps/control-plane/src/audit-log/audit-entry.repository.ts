import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Actor } from "../auth/actor.ts";
import { type Connection, Database } from "../database/database.ts";
import { beforeInstant, type PageRequest } from "../database/keyset.ts";

/** What one change did, as it is kept for ever: both states as the API shows them, so never a secret. */
export interface AuditDraft {
  /** `route.changed`: resource and what happened to it. */
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly before?: object | null;
  readonly after?: object | null;
}

export interface AuditFilter {
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

@Injectable()
export class AuditEntryRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes an entry, in the transaction of the change that it records. */
  async record(connection: Connection, actor: Actor, draft: AuditDraft, policyRevision: number | null): Promise<void> {
    await connection.auditEntry.create({
      data: {
        id: createUuidV7(),
        actorType: actor.type,
        actorId: actor.id,
        actorName: actor.name,
        action: draft.action,
        resourceType: draft.resourceType,
        resourceId: draft.resourceId,
        before: toJson(draft.before),
        after: toJson(draft.after),
        policyRevision,
      },
      select: { id: true },
    });
  }

  /** Newest first. `actor` matches a part of the name or the whole id. */
  list({ limit, cursor }: PageRequest, { resourceType, resourceId, actor, from, to }: AuditFilter) {
    const before = beforeInstant(cursor);
    return this.#database.client.auditEntry.findMany({
      where: {
        AND: [
          resourceType === undefined ? {} : { resourceType },
          resourceId === undefined ? {} : { resourceId },
          actor === undefined
            ? {}
            : { OR: [{ actorName: { contains: actor, mode: "insensitive" } }, { actorId: actor }] },
          { at: { ...(from !== undefined && { gte: new Date(from) }), ...(to !== undefined && { lt: new Date(to) }) } },
          before ? { OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: before.id } }] } : {},
        ],
      },
      select: {
        id: true,
        at: true,
        actorType: true,
        actorName: true,
        action: true,
        resourceType: true,
        resourceId: true,
        before: true,
        after: true,
        policyRevision: true,
      },
      orderBy: [{ at: "desc" }, { id: "desc" }],
      take: limit + 1,
    });
  }
}

function toJson(state: object | null | undefined) {
  return state ? (state as Prisma.InputJsonObject) : Prisma.DbNull;
}
