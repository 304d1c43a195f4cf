import { answerOutcome } from "@switchyard/metering/answer-outcome";
import { outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { Evidence } from "@switchyard/metering/performance-facts";
import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";
import { timestampOfUuidV7 } from "@switchyard/secrets/random-id";

const hourMs = 3_600_000;
/** The class of what could not be told, or was not asked. */
const unknownClass = "unknown";

/** What came of the attempts of one hour's calls at one kind of task on one target. */
export interface TargetOutcomeRow {
  readonly hour: number;
  readonly routeId: string;
  readonly taskClass: string;
  readonly connectionId: string;
  readonly modelId: string;
  attempts: number;
  successes: number;
  refused: number;
  invalid: number;
  escalations: number;
  rescues: number;
  outputTokens: number;
  answerMs: number;
  costPicoUsd: string;
}

/** What came of one hour's calls of one kind of task. */
export interface TaskOutcomeRow {
  readonly hour: number;
  readonly routeId: string;
  readonly taskClass: string;
  tasks: number;
  successes: number;
  escalated: number;
  rescued: number;
  costPicoUsd: string;
  costSquared: string;
  successCostPicoUsd: string;
}

/** Sums attempts under the hour that their call was made in, so that a call's attempts and its end count in one hour. */
export function targetOutcomesOf(attempts: readonly AttemptRecord[]): TargetOutcomeRow[] {
  const rows = new Map<string, TargetOutcomeRow>();
  for (const attempt of attempts) {
    const { routeId, connectionId, modelId } = attempt;
    const hour = hourOfCall(attempt);
    const taskClass = attempt.taskClass ?? unknownClass;
    const key = JSON.stringify([hour, routeId, taskClass, connectionId, modelId]);
    const row = rows.get(key) ?? emptyTargetRow({ hour, routeId, taskClass, connectionId, modelId });
    rows.set(key, row);
    const outcome = answerOutcome(attempt);
    const isEscalation = attempt.role === "escalation";
    row.attempts += 1;
    row.successes += Number(outcome === "success");
    row.refused += Number(outcome === "refused");
    row.invalid += Number(outcome === "invalid");
    row.escalations += Number(isEscalation);
    row.rescues += Number(isEscalation && outcome === "success");
    if (outcome !== null) {
      row.outputTokens += totalQuantity(attempt.usage, outputTokenMeters);
      row.answerMs += Math.max(0, attempt.endedAtMs - attempt.startedAtMs);
    }
    row.costPicoUsd = (BigInt(row.costPicoUsd) + BigInt(attempt.costPicoUsd)).toString();
  }
  return [...rows.values()];
}

/** Sums what the process that made the attempts has learned from them itself: only calls that it had classified. */
export function bootEvidenceOf(attempts: readonly AttemptRecord[]): Evidence[] {
  return targetOutcomesOf(attempts.filter(({ taskClass }) => taskClass !== undefined)).flatMap((row) => {
    const { taskClass, connectionId, modelId, successes, refused, invalid, outputTokens } = row;
    const failures = refused + invalid;
    return successes + failures === 0 ? [] : [{ taskClass, connectionId, modelId, successes, failures, outputTokens }];
  });
}

/** Sums calls that a provider was asked for. What was answered from memory, or refused before, is no task of a target. */
export function taskOutcomesOf(requests: readonly RequestRecord[]): TaskOutcomeRow[] {
  const rows = new Map<string, TaskOutcomeRow>();
  for (const request of requests) {
    const { routeId } = request;
    if (routeId === null || request.attempts === 0) continue;
    const hour = hourOfCall(request);
    const taskClass = request.task?.taskClass ?? unknownClass;
    const key = JSON.stringify([hour, routeId, taskClass]);
    const row = rows.get(key) ?? emptyTaskRow({ hour, routeId, taskClass });
    rows.set(key, row);
    const cost = BigInt(request.costPicoUsd);
    const isEscalated = (request.escalations ?? 0) > 0;
    const isSuccess = hasSucceeded(request);
    row.tasks += 1;
    row.successes += Number(isSuccess);
    row.escalated += Number(isEscalated);
    row.rescued += Number(isEscalated && isSuccess);
    row.costPicoUsd = (BigInt(row.costPicoUsd) + cost).toString();
    row.costSquared = (BigInt(row.costSquared) + cost * cost).toString();
    if (isSuccess) row.successCostPicoUsd = (BigInt(row.successCostPicoUsd) + cost).toString();
  }
  return [...rows.values()];
}

/** The client got an answer that passed its checks and was not refused. */
function hasSucceeded({ status, verdict, warnings }: RequestRecord): boolean {
  return status < 400 && verdict === "complete" && !warnings.includes("answer_below_standard");
}

/** An id that names no time must not hold up its batch: then the record's own start counts. */
function hourOfCall({ requestId, startedAtMs }: Pick<AttemptRecord, "requestId" | "startedAtMs">): number {
  let madeAtMs = startedAtMs;
  try {
    madeAtMs = timestampOfUuidV7(requestId);
  } catch {}
  return Math.floor(madeAtMs / hourMs) * hourMs;
}

function emptyTargetRow(
  dimensions: Pick<TargetOutcomeRow, "hour" | "routeId" | "taskClass" | "connectionId" | "modelId">,
): TargetOutcomeRow {
  return {
    ...dimensions,
    attempts: 0,
    successes: 0,
    refused: 0,
    invalid: 0,
    escalations: 0,
    rescues: 0,
    outputTokens: 0,
    answerMs: 0,
    costPicoUsd: "0",
  };
}

function emptyTaskRow(dimensions: Pick<TaskOutcomeRow, "hour" | "routeId" | "taskClass">): TaskOutcomeRow {
  return {
    ...dimensions,
    tasks: 0,
    successes: 0,
    escalated: 0,
    rescued: 0,
    costPicoUsd: "0",
    costSquared: "0",
    successCostPicoUsd: "0",
  };
}
