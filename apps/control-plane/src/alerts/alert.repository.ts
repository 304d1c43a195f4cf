import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";
import { beforeInstant, type PageRequest } from "../database/keyset.ts";

const webhookSelect = { id: true, url: true, enabled: true, createdAt: true } as const;

@Injectable()
export class AlertRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest) {
    const before = beforeInstant(cursor);
    return this.#database.client.budgetAlert.findMany({
      where: before ? { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] } : {},
      select: {
        id: true,
        quotaId: true,
        thresholdPct: true,
        usedPicoUsd: true,
        limitPicoUsd: true,
        createdAt: true,
        deliveredAt: true,
        deliveryError: true,
      },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: limit + 1,
    });
  }

  /** Names by id, of lifted budgets too. */
  async budgetNames(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#database.client.quota.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, name: true },
    });
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  listWebhooks() {
    return this.#database.client.alertWebhook.findMany({ select: webhookSelect, orderBy: { id: "asc" } });
  }

  insertWebhook(connection: Connection, data: { id: string; url: string; sealedSecret: string }) {
    return connection.alertWebhook.create({ data, select: webhookSelect });
  }

  findWebhook(connection: Connection, id: string) {
    return connection.alertWebhook.findUnique({ where: { id }, select: webhookSelect });
  }

  async deleteWebhook(connection: Connection, id: string): Promise<void> {
    await connection.alertWebhook.delete({ where: { id }, select: { id: true } });
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }
}

export type AlertWebhookRow = NonNullable<Awaited<ReturnType<AlertRepository["findWebhook"]>>>;
