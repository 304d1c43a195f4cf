import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import { Database } from "../database/database.ts";

const mostShown = 50;

/** What the worker found when it compared the roll-ups of days that are over with their rows. */
@Injectable()
export class RollUpCheckRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async summarise(): Promise<{ days: number; newest: Date | null; oldest: Date | null }> {
    const { _count, _max, _min } = await this.#database.client.rollUpCheck.aggregate({
      _count: { day: true },
      _max: { checkedAt: true },
      _min: { checkedAt: true },
    });
    return { days: _count.day, newest: _max.checkedAt, oldest: _min.checkedAt };
  }

  /** Days whose last check found a difference, newest first. */
  listDiffering() {
    return this.#database.client.rollUpCheck.findMany({
      where: { differences: { not: [] as Prisma.InputJsonArray } },
      select: { day: true, checkedAt: true, differences: true },
      orderBy: { day: "desc" },
      take: mostShown,
    });
  }
}
