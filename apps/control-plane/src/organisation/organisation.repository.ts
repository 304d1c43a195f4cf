import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";

/** An installation serves one organisation; the first-run seed makes it. */
@Injectable()
export class OrganisationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async current(connection: Connection = this.#database.client): Promise<{ id: string; name: string }> {
    const organisation = await connection.organisation.findFirst({ select: { id: true, name: true } });
    if (!organisation) throw new ControlPlaneError("not_seeded");
    return organisation;
  }

  async exists(connection: Connection): Promise<boolean> {
    return (await connection.organisation.findFirst({ select: { id: true } })) !== null;
  }

  async insert(connection: Connection, id: string, name: string): Promise<void> {
    await connection.organisation.create({ data: { id, name }, select: { id: true } });
  }

  async currentId(connection: Connection): Promise<string> {
    return (await this.current(connection)).id;
  }
}
