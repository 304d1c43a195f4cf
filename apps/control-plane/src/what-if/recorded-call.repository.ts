import { Injectable } from "@nestjs/common";
import type { Usage } from "@switchyard/metering/meters";
import type { Operation } from "@switchyard/metering/usage-event";
import { Database } from "../database/database.ts";

export interface RecordedCallRow {
  readonly startedAt: Date;
  readonly operation: Operation;
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  readonly user: string | null;
  readonly session: string | null;
  readonly tags: string[];
  readonly stream: boolean;
  /** What its prompt was taken for; null where nobody asked, or it could not be told. */
  readonly taskClass: string | null;
  readonly complexity: number | null;
  readonly usage: Usage;
}

/** Reads what was recorded of calls that were answered, newest first: who made them and what they used. */
@Injectable()
export class RecordedCallRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  latest(routeId: string, most: number): Promise<RecordedCallRow[]> {
    return this.#database.client.$queryRaw<RecordedCallRow[]>`
      SELECT call.started_at AS "startedAt", call.operation, call.team_id AS "teamId", call.project_id AS "projectId",
        call.virtual_key_id AS "virtualKeyId", call.end_user AS "user", call.session_tag AS "session", call.tags,
        call.stream, call.task_class AS "taskClass", call.complexity, answered.usage
      FROM (
        SELECT * FROM request_log
        WHERE route_id = ${routeId} AND status < 400 AND attempts > 0 AND started_at > now() - interval '30 days'
        ORDER BY started_at DESC, request_id DESC
        LIMIT ${most}
      ) AS call
      JOIN LATERAL (
        SELECT attempt.usage FROM attempt_log AS attempt
        WHERE attempt.request_id = call.request_id AND attempt.failure_class IS NULL AND attempt.role <> 'shadow'
          AND attempt.started_at BETWEEN call.started_at - interval '10 minutes' AND call.started_at + interval '2 hours'
        ORDER BY attempt.attempt_number DESC
        LIMIT 1
      ) AS answered ON true
      ORDER BY call.started_at DESC`;
  }
}
