import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";

export interface GatewayFeeTerms {
  readonly scopeType: string;
  readonly scopeId: string;
  readonly perRequestPicoUsd: bigint;
  readonly shareOfCostPpm: number;
}

export interface GatewayFeeRow extends GatewayFeeTerms {
  readonly id: string;
  readonly createdAt: Date;
}

@Injectable()
export class GatewayFeeRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): Promise<GatewayFeeRow[]> {
    return this.#database.client.gatewayFee.findMany({ orderBy: [{ scopeType: "asc" }, { id: "asc" }] });
  }

  find(connection: Connection, id: string): Promise<GatewayFeeRow | null> {
    return connection.gatewayFee.findUnique({ where: { id } });
  }

  findOfScope(connection: Connection, scopeType: string, scopeId: string): Promise<GatewayFeeRow | null> {
    return connection.gatewayFee.findUnique({ where: { scopeType_scopeId: { scopeType, scopeId } } });
  }

  set(connection: Connection, newId: string, terms: GatewayFeeTerms): Promise<GatewayFeeRow> {
    const { scopeType, scopeId, perRequestPicoUsd, shareOfCostPpm } = terms;
    return connection.gatewayFee.upsert({
      where: { scopeType_scopeId: { scopeType, scopeId } },
      create: { id: newId, ...terms },
      update: { perRequestPicoUsd, shareOfCostPpm },
    });
  }

  async remove(connection: Connection, id: string): Promise<void> {
    await connection.gatewayFee.delete({ where: { id } });
  }
}
