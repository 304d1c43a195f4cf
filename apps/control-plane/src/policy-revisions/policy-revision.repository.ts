import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";
import { beforeInstant } from "../database/keyset.ts";

const summarySelect = { number: true, summary: true, createdBy: true, createdAt: true, sha256: true } as const;

export interface Head {
  readonly number: number;
  readonly sha256: string;
  /** Whether its content still is what was hashed; gateways refuse one that is damaged. */
  readonly isIntact: boolean;
}

@Injectable()
export class PolicyRevisionRepository {
  readonly #database: Database;
  /** The newest publication of this process, whatever became of it. */
  #newest: Promise<unknown> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Runs one publication at a time, fleet-wide: the head's row lock puts them in order. Those of this process queue in
   * memory first, so that a burst of changes does not hold every connection while it waits for that lock.
   */
  inOrder<Result>(work: (connection: Connection, head: Head | null) => Promise<Result>): Promise<Result> {
    const run = () => this.#database.transaction(async (connection) => work(connection, await lockHead(connection)));
    const result = this.#newest.then(run);
    this.#newest = result.catch(() => undefined);
    return result;
  }

  async publish(
    connection: Connection,
    revision: { number: number; content: string; sha256: string; summary: string; createdBy: string },
  ): Promise<void> {
    const { number } = revision;
    await connection.policyRevision.create({ data: revision, select: { number: true } });
    await connection.policyHead.upsert({
      where: { id: 1 },
      create: { id: 1, number },
      update: { number },
      select: { number: true },
    });
  }

  async headNumber(connection: Connection = this.#database.client): Promise<number> {
    const head = await connection.policyHead.findUnique({ where: { id: 1 }, select: { number: true } });
    return head?.number ?? 0;
  }

  list(limit: number, cursor: string | undefined) {
    const before = beforeInstant(cursor);
    return this.#database.client.policyRevision.findMany({
      where: before ? { number: { lt: Number(before.id) } } : {},
      select: summarySelect,
      orderBy: { number: "desc" },
      take: limit + 1,
    });
  }

  find(number: number, connection: Connection = this.#database.client) {
    return connection.policyRevision.findUnique({ where: { number }, select: { ...summarySelect, content: true } });
  }

  /** How many live gateway processes run each revision. */
  async gatewaysByRevision(): Promise<Map<number, number>> {
    const rows = await this.#database.client.$queryRaw<{ number: number; gateways: number }[]>`
      SELECT policy_revision AS number, count(*)::integer AS gateways
      FROM gateway_process
      WHERE policy_revision IS NOT NULL AND heartbeat_at > clock_timestamp() - gateway_alive_for()
      GROUP BY 1`;
    return new Map(rows.map(({ number, gateways }) => [number, gateways]));
  }
}

async function lockHead(connection: Connection): Promise<Head | null> {
  const [head] = await selectHeadForUpdate(connection);
  if (head) return head;
  // The first publication has no row to lock yet.
  await connection.$executeRaw`LOCK TABLE policy_head IN SHARE ROW EXCLUSIVE MODE`;
  const [first] = await selectHeadForUpdate(connection);
  return first ?? null;
}

function selectHeadForUpdate(connection: Connection): Promise<Head[]> {
  return connection.$queryRaw<Head[]>`
    SELECT head.number, revision.sha256,
      encode(sha256(convert_to(revision.content, 'UTF8')), 'hex') = revision.sha256 AS "isIntact"
    FROM policy_head AS head JOIN policy_revision AS revision ON revision.number = head.number
    WHERE head.id = 1
    FOR UPDATE OF head`;
}
