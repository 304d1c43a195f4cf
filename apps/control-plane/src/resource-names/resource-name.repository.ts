import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";

export type NamedResource =
  | "organisation"
  | "team"
  | "project"
  | "virtual_key"
  | "route"
  | "connection"
  | "model"
  | "budget";

/** The name of a resource; its id where nothing is known of it. */
export type NameOf = (type: string, id: string) => string;

interface NameRow {
  type: NamedResource;
  id: string;
  name: string;
  isLive: boolean;
}

/** Turns ids into names, of what is archived too: usage outlives what it was made with. */
@Injectable()
export class ResourceNameRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Looks up these ids, of whatever type they are. */
  async lookUp(ids: Iterable<string | null>): Promise<NameOf> {
    const wanted = [...new Set(ids)].filter((id): id is string => id !== null);
    const rows = wanted.length === 0 ? [] : await findNames(this.#database.client, wanted);
    const nameOf = new Map(rows.map(({ type, id, name }) => [`${type} ${id}`, name]));
    return (type, id) => nameOf.get(`${type} ${id}`) ?? id;
  }

  /** Also of what is archived. */
  async isKnown(connection: Connection, type: NamedResource, id: string): Promise<boolean> {
    return (await findNames(connection, [id])).some((row) => row.type === type);
  }

  async isLive(connection: Connection, type: NamedResource, id: string): Promise<boolean> {
    const rows = await findNames(connection, [id]);
    return rows.some((row) => row.type === type && row.isLive);
  }
}

function findNames(connection: Connection, ids: string[]): Promise<NameRow[]> {
  return connection.$queryRaw<NameRow[]>`
    SELECT 'route' AS type, resource_id AS id, before ->> 'name' AS name, false AS "isLive"
      FROM audit_entry WHERE resource_type = 'route' AND action = 'route.removed' AND resource_id = ANY(${ids})
    UNION ALL SELECT 'route', id, name, true FROM route WHERE id = ANY(${ids})
    UNION ALL SELECT 'organisation', id, name, true FROM organisation WHERE id = ANY(${ids})
    UNION ALL SELECT 'team', id, name, archived_at IS NULL FROM team WHERE id = ANY(${ids})
    UNION ALL SELECT 'project', id, name, archived_at IS NULL FROM project WHERE id = ANY(${ids})
    UNION ALL SELECT 'virtual_key', id, name, revoked_at IS NULL FROM virtual_key WHERE id = ANY(${ids})
    UNION ALL SELECT 'connection', id, name, archived_at IS NULL FROM provider_connection WHERE id = ANY(${ids})
    UNION ALL SELECT 'model', id, provider_model, archived_at IS NULL FROM model WHERE id = ANY(${ids})
    UNION ALL SELECT 'budget', id, name, archived_at IS NULL FROM quota WHERE id = ANY(${ids})`;
}
