import { Injectable } from "@nestjs/common";
import type { StatementLine } from "@switchyard/metering/statements/statement-line";
import { type Connection, Database } from "../database/database.ts";

export interface StatementToInsert {
  readonly id: string;
  readonly connectionId: string;
  readonly format: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly sumPicoUsd: string | null;
  readonly sha256: string;
  readonly importedBy: string;
}

const mostListed = 200;

@Injectable()
export class StatementRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }

  list() {
    return this.#database.client.providerStatement.findMany({
      orderBy: [{ importedAt: "desc" }, { id: "desc" }],
      take: mostListed,
    });
  }

  async insert(connection: Connection, statement: StatementToInsert, lines: readonly StatementLine[]) {
    const { firstDay, lastDay, ...rest } = statement;
    const inserted = await connection.providerStatement.create({
      data: { ...rest, firstDay: new Date(firstDay), lastDay: new Date(lastDay), lines: lines.length },
    });
    await connection.providerStatementLine.createMany({
      data: lines.map(({ day, providerModel, tokens, requests, costPicoUsd }, index) => ({
        statementId: statement.id,
        line: index + 1,
        day: new Date(day),
        providerModel,
        tokens: tokens?.toString() ?? null,
        requests: requests?.toString() ?? null,
        costPicoUsd: costPicoUsd?.toString() ?? null,
      })),
    });
    return inserted;
  }
}

export type StatementRow = Awaited<ReturnType<StatementRepository["list"]>>[number];
