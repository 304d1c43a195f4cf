import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import type { ConnectionProbe } from "@switchyard/policy-engine/health/probe";
import type { ConnectionQuirks } from "@switchyard/policy-engine/policy/connection-quirks";
import { type Connection, Database } from "../database/database.ts";
import { afterName, type PageRequest } from "../database/keyset.ts";

const select = {
  id: true,
  name: true,
  kind: true,
  baseUrl: true,
  enabled: true,
  drained: true,
  region: true,
  jurisdiction: true,
  zeroRetention: true,
  noTraining: true,
  abortBilling: true,
  quirks: true,
  probe: true,
  createdAt: true,
  credentials: {
    select: { id: true, hint: true, state: true, createdBy: true, createdAt: true },
    orderBy: { id: "desc" },
  },
  targets: { select: { routeId: true } },
} as const;

export interface ConnectionSettings {
  readonly name: string;
  readonly baseUrl: string;
  readonly enabled: boolean;
  readonly drained: boolean;
  readonly region: string | null;
  readonly jurisdiction: string | null;
  readonly zeroRetention: boolean;
  readonly noTraining: boolean;
  readonly abortBilling: string;
  readonly quirks: ConnectionQuirks | null;
  readonly probe: ConnectionProbe | null;
}

export interface NewCredential {
  readonly id: string;
  readonly connectionId: string;
  readonly sealed: string;
  readonly hint: string;
  readonly createdBy: string;
}

@Injectable()
export class ProviderConnectionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest) {
    return this.#database.client.providerConnection.findMany({
      where: { archivedAt: null, ...afterName(cursor) },
      select,
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: limit + 1,
    });
  }

  findLive(connection: Connection | undefined, id: string) {
    return (connection ?? this.#database.client).providerConnection.findUnique({
      where: { id, archivedAt: null },
      select,
    });
  }

  /** The ids of these that are there and not archived. */
  async liveIds(connection: Connection, ids: readonly string[]): Promise<Set<string>> {
    const rows = await connection.providerConnection.findMany({
      where: { id: { in: [...ids] }, archivedAt: null },
      select: { id: true },
    });
    return new Set(rows.map(({ id }) => id));
  }

  async isNameTaken(connection: Connection, name: string, exceptId?: string): Promise<boolean> {
    const other = await connection.providerConnection.findUnique({ where: { name }, select: { id: true } });
    return other !== null && other.id !== exceptId;
  }

  async insert(connection: Connection, id: string, kind: string, settings: ConnectionSettings): Promise<void> {
    await connection.providerConnection.create({
      data: { id, kind, ...settings, quirks: quirksColumn(settings.quirks), probe: settings.probe ?? Prisma.DbNull },
      select: { id: true },
    });
  }

  async update(connection: Connection, id: string, settings: Partial<ConnectionSettings>): Promise<void> {
    const { quirks, probe, ...rest } = settings;
    const data = {
      ...rest,
      ...(quirks === undefined ? {} : { quirks: quirksColumn(quirks) }),
      ...(probe === undefined ? {} : { probe: probe ?? Prisma.DbNull }),
    };
    await connection.providerConnection.update({ where: { id }, data, select: { id: true } });
  }

  /** Archives it under another name, so that its own is free again, and destroys its credentials. */
  async archive(connection: Connection, id: string, archivedName: string): Promise<void> {
    await connection.credential.deleteMany({ where: { connectionId: id } });
    await connection.providerConnection.update({
      where: { id },
      data: { name: archivedName, archivedAt: new Date(), enabled: false },
      select: { id: true },
    });
  }

  async insertCredential(connection: Connection, credential: NewCredential): Promise<void> {
    await connection.credential.create({ data: credential, select: { id: true } });
  }

  async setCredentialStates(
    connection: Connection,
    connectionId: string,
    from: string[],
    state: string,
  ): Promise<void> {
    await connection.credential.updateMany({ where: { connectionId, state: { in: from } }, data: { state } });
  }

  async deleteCredential(connection: Connection, connectionId: string, credentialId: string): Promise<boolean> {
    const { count } = await connection.credential.deleteMany({ where: { id: credentialId, connectionId } });
    return count > 0;
  }

  /** The newest usable credential, still sealed. */
  findActiveCredential(connectionId: string) {
    return this.#database.client.credential.findFirst({
      where: { connectionId, state: "active" },
      select: { id: true, sealed: true },
      orderBy: { id: "desc" },
    });
  }
}

export type ConnectionDetails = NonNullable<Awaited<ReturnType<ProviderConnectionRepository["findLive"]>>>;

/** Null where nothing is said, so that a connection without quirks has one form only. */
function quirksColumn(quirks: ConnectionQuirks | null): ConnectionQuirks | typeof Prisma.DbNull {
  const { parameters, ...settings } = quirks ?? {};
  const hasRules = parameters !== undefined && Object.keys(parameters).length > 0;
  if (!hasRules && Object.keys(settings).length === 0) return Prisma.DbNull;
  return { ...settings, ...(hasRules ? { parameters } : {}) };
}
