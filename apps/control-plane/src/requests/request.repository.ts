import type { Role } from "@switchyard/api-contract/operation";
import { Injectable } from "@nestjs/common";
import type { requestOperations } from "@switchyard/api-contract/requests";
import { Prisma } from "@switchyard/database/generated/client";
import type { QuotaCharge, Reason, ReceiptLine } from "@switchyard/metering/usage-event";
import { timestampOfUuidV7 } from "@switchyard/secrets/random-id";
import { Database } from "../database/database.ts";
import { beforeInstant } from "../database/keyset.ts";
import type { Call } from "../operations/handles.ts";
import { andFilter } from "../reports/usage-filter.ts";

type Query = Call<typeof requestOperations.list>["query"];

export interface RequestRow {
  requestId: string;
  startedAt: Date;
  operation: string;
  teamId: string;
  projectId: string;
  virtualKeyId: string;
  user: string | null;
  session: string | null;
  tags: string[];
  requestedModel: string;
  routeName: string | null;
  connectionId: string | null;
  providerModel: string | null;
  stream: boolean;
  status: number;
  errorCode: string | null;
  verdict: string | null;
  cache: "hit" | "miss" | "bypass";
  attempts: number;
  cost: string;
  timeToFirstTokenMs: number | null;
  durationMs: number;
  gatewayOverheadMs: number;
  policyRevision: number;
  requestBytes: number;
  responseBytes: number;
  warnings: string[];
  because: Reason[];
  saved: string;
}

export interface AttemptRow {
  attemptId: string;
  attemptNumber: number;
  role: string;
  connectionId: string;
  providerModel: string;
  startedAt: Date;
  endedAt: Date;
  timeToFirstTokenMs: number | null;
  verdict: string;
  failureClass: string | null;
  upstreamStatus: number | null;
  usageSource: string;
  priceVersionId: string | null;
  lines: ReceiptLine[];
  quotas: QuotaCharge[];
  expected: string | null;
  held: string;
  cost: string;
  corrected: string;
}

const columns = Prisma.sql`
  request_id AS "requestId", started_at AS "startedAt", operation, team_id AS "teamId", project_id AS "projectId",
  virtual_key_id AS "virtualKeyId", end_user AS "user", session_tag AS "session", tags,
  requested_model AS "requestedModel", route_name AS "routeName", connection_id AS "connectionId",
  provider_model AS "providerModel", stream, status, error_code AS "errorCode", verdict, cache, attempts,
  cost_pico_usd::text AS cost, time_to_first_token_ms AS "timeToFirstTokenMs", duration_ms AS "durationMs",
  gateway_overhead_ms AS "gatewayOverheadMs", policy_revision AS "policyRevision", request_bytes AS "requestBytes",
  response_bytes AS "responseBytes", warnings, because, saved_pico_usd::text AS saved`;

// As the roll-ups count them: a refusal is an answer, a stream that did not end well is not.
const failed = Prisma.sql`(status >= 400 OR coalesce(verdict, '') IN ('errored', 'truncated', 'invalid'))`;
const outcomes = {
  succeeded: Prisma.sql`NOT ${failed} AND verdict IS DISTINCT FROM 'refused'`,
  failed,
  refused: Prisma.sql`verdict = 'refused'`,
};

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** The gateway makes the id when the request arrives; clocks of one process do not drift further apart than this. */
const idToleranceMs = 10 * minuteMs;
/** An attempt begins after its request, at most one total timeout later. */
const longestRequestMs = 120 * minuteMs;

/** Reads the partitioned logs. Every look-up names a stretch of time, so that it touches one day and not all of them. */
@Injectable()
export class RequestRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(query: Query): Promise<RequestRow[]> {
    const before = beforeInstant(query.cursor);
    const stretches = await this.#stretches(query, before?.at);
    if (stretches?.length === 0) return [];
    const conditions = [
      ...(stretches === null ? [] : [anyOf(stretches)]),
      ...(query.from === undefined ? [] : [Prisma.sql`started_at >= ${new Date(query.from)}`]),
      ...(query.to === undefined ? [] : [Prisma.sql`started_at < ${new Date(query.to)}`]),
      ...(before ? [Prisma.sql`(started_at, request_id) < (${before.at}, ${before.id}::uuid)`] : []),
      ...(query.teamId === undefined ? [] : [Prisma.sql`team_id = ${query.teamId}`]),
      ...(query.projectId === undefined ? [] : [Prisma.sql`project_id = ${query.projectId}`]),
      ...(query.virtualKeyId === undefined ? [] : [Prisma.sql`virtual_key_id = ${query.virtualKeyId}`]),
      ...(query.routeId === undefined ? [] : [Prisma.sql`route_id = ${query.routeId}`]),
      ...(query.connectionId === undefined ? [] : [Prisma.sql`connection_id = ${query.connectionId}`]),
      ...(query.modelId === undefined ? [] : [Prisma.sql`model_id = ${query.modelId}`]),
      ...(query.user === undefined ? [] : [Prisma.sql`end_user = ${query.user}`]),
      ...(query.session === undefined ? [] : [Prisma.sql`session_tag = ${query.session}`]),
      ...(query.tag === undefined ? [] : [Prisma.sql`${query.tag} = ANY(tags)`]),
      ...(query.status === undefined ? [] : [Prisma.sql`status = ${query.status}`]),
      ...(query.cache === undefined ? [] : [Prisma.sql`cache = ${query.cache}`]),
      ...(query.outcome === undefined ? [] : [outcomes[query.outcome]]),
    ];
    const where = conditions.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(conditions, " AND ")}`;
    return this.#database.client.$queryRaw<RequestRow[]>`
      SELECT ${columns} FROM request_log ${where}
      ORDER BY started_at DESC, request_id DESC
      LIMIT ${query.limit + 1}`;
  }

  /**
   * The days (UTC), joined where they follow each other, that hold one page of what was asked for: their roll-up tells without
   * a look into the others. Null where all have some, or an index finds them.
   */
  async #stretches(query: Query, before: Date | undefined): Promise<Stretch[] | null> {
    const { projectId, routeId, connectionId, modelId, user, tag, limit } = query;
    if ([projectId, routeId, connectionId, modelId, user, tag].every((value) => value === undefined)) return null;
    const { teamId, virtualKeyId, session, status, cache, outcome } = query;
    const filter = { teamId, projectId, virtualKeyId, routeId, connectionId, modelId, user, tag };
    const ends = [query.to, before].flatMap((end) => (end === undefined ? [] : [new Date(end).getTime()]));
    const until = ends.length === 0 ? null : new Date(Math.min(...ends));
    const days = await this.#database.client.$queryRaw<{ day: Date; requests: number }[]>`
      SELECT day, sum(requests)::integer AS requests FROM caller_rollup_day
      WHERE true ${query.from === undefined ? Prisma.empty : Prisma.sql`AND day >= ${startOfDay(new Date(query.from))}`}
        ${until === null ? Prisma.empty : Prisma.sql`AND day <= ${until}`} ${andFilter(filter)}
      GROUP BY day
      ORDER BY day DESC`;
    // What else is asked for may leave nothing of a day, and of the day that the page ends in only a part is wanted.
    const isCounted = [session, status, cache, outcome].every((value) => value === undefined);
    return stretchesOf(days, limit + 1, isCounted, until && startOfDay(until));
  }

  /** Null for an unknown id, and for one that we cannot have made. */
  async find(requestId: string): Promise<RequestRow | null> {
    const madeAt = madeAtMs(requestId);
    if (madeAt === null) return null;
    const [row] = await this.#database.client.$queryRaw<RequestRow[]>`
      SELECT ${columns} FROM request_log
      WHERE request_id = ${requestId}::uuid
        AND started_at BETWEEN ${new Date(madeAt - idToleranceMs)} AND ${new Date(madeAt + idToleranceMs)}`;
    return row ?? null;
  }

  /** People whose role lets them do something, by name. */
  async membersWithRole(roles: readonly Role[]): Promise<{ name: string; email: string; role: Role }[]> {
    const members = await this.#database.client.member.findMany({
      where: { role: { in: [...roles] } },
      select: { role: true, user: { select: { name: true, email: true } } },
      orderBy: { user: { name: "asc" } },
      take: 50,
    });
    return members.map(({ role, user }) => ({ ...user, role: role as Role }));
  }

  /** The attempts of a request with what the ledger says of each, in the order they were made. */
  attemptsOf(requestId: string, startedAt: Date): Promise<AttemptRow[]> {
    const from = new Date(startedAt.getTime() - idToleranceMs);
    const to = new Date(startedAt.getTime() + longestRequestMs);
    return this.#database.client.$queryRaw<AttemptRow[]>`
      SELECT
        attempt.attempt_id AS "attemptId", attempt.attempt_number AS "attemptNumber", attempt.role,
        attempt.connection_id AS "connectionId", attempt.provider_model AS "providerModel",
        attempt.started_at AS "startedAt", attempt.ended_at AS "endedAt",
        attempt.time_to_first_token_ms AS "timeToFirstTokenMs", attempt.verdict,
        attempt.failure_class AS "failureClass", attempt.upstream_status AS "upstreamStatus",
        attempt.usage_source AS "usageSource", attempt.price_version_id AS "priceVersionId", attempt.lines,
        attempt.quotas, attempt.expected_pico_usd::text AS expected, coalesce(ledger.held, 0)::text AS held, coalesce(ledger.cost, 0)::text AS cost,
        coalesce(ledger.corrected, 0)::text AS corrected
      FROM attempt_log AS attempt
      LEFT JOIN LATERAL (
        SELECT
          sum(amount_pico_usd) FILTER (WHERE kind = 'hold') AS held,
          sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun', 'fee')) AS cost,
          sum(amount_pico_usd) FILTER (WHERE kind = 'correct') AS corrected
        FROM ledger_entry
        WHERE ledger_entry.started_at = attempt.started_at AND ledger_entry.attempt_id = attempt.attempt_id
      ) AS ledger ON true
      WHERE attempt.request_id = ${requestId}::uuid AND attempt.started_at BETWEEN ${from} AND ${to}
      ORDER BY attempt.attempt_number, attempt.attempt_id`;
  }
}

interface Stretch {
  readonly from: Date;
  readonly to: Date;
}

/** `days`, newest first, as stretches of time; with `isCounted`, as many as hold `most` requests. */
function stretchesOf(
  days: readonly { readonly day: Date; readonly requests: number }[],
  most: number,
  isCounted: boolean,
  lastDay: Date | null,
): Stretch[] {
  const stretches: Stretch[] = [];
  let held = 0;
  for (const { day, requests } of days) {
    if (isCounted && held >= most) break;
    if (day.getTime() !== lastDay?.getTime()) held += requests;
    const end = new Date(day.getTime() + dayMs);
    const newest = stretches.at(-1);
    if (newest?.from.getTime() === end.getTime()) stretches[stretches.length - 1] = { from: day, to: newest.to };
    else stretches.push({ from: day, to: end });
  }
  return stretches;
}

function anyOf(stretches: readonly Stretch[]): Prisma.Sql {
  const each = stretches.map(({ from, to }) => Prisma.sql`started_at >= ${from} AND started_at < ${to}`);
  return Prisma.sql`(${Prisma.join(each, " OR ")})`;
}

function startOfDay(date: Date): Date {
  return new Date(Math.floor(date.getTime() / dayMs) * dayMs);
}

function madeAtMs(id: string): number | null {
  try {
    return timestampOfUuidV7(id);
  } catch {
    return null;
  }
}
