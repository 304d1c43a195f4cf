import { Injectable } from "@nestjs/common";
import type { Receipt, requestOperations, RequestSummary } from "@switchyard/api-contract/requests";
import { formatUsd, parsePicoUsd, picoUsd } from "@switchyard/metering/pico-usd";
import type { QuotaCharge } from "@switchyard/metering/usage-event";
import { instant } from "../database/instant.ts";
import { type Page, toPage } from "../database/keyset.ts";
import { found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import { type NameOf, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { type AttemptRow, RequestRepository, type RequestRow } from "./request.repository.ts";

@Injectable()
export class RequestsService {
  readonly #requests: RequestRepository;
  readonly #names: ResourceNameRepository;

  constructor(requests: RequestRepository, names: ResourceNameRepository) {
    this.#requests = requests;
    this.#names = names;
  }

  async list(query: Call<typeof requestOperations.list>["query"]): Promise<Page<RequestSummary>> {
    const rows = await this.#requests.list(query);
    const nameOf = await this.#names.lookUp(rows.flatMap(namedIn));
    return toPage(
      rows,
      query.limit,
      ({ startedAt, requestId }) => [startedAt, requestId],
      (row) => presentSummary(row, nameOf),
    );
  }

  async get(requestId: string): Promise<Receipt> {
    const row = found(await this.#requests.find(requestId), "request");
    const attempts = await this.#requests.attemptsOf(requestId, row.startedAt);
    const nameOf = await this.#names.lookUp([
      ...namedIn(row),
      ...attempts.flatMap(({ connectionId, quotas }) => [connectionId, ...quotas.map(({ quotaId }) => quotaId)]),
    ]);
    return {
      ...presentSummary(row, nameOf),
      policyRevision: row.policyRevision,
      requestBytes: row.requestBytes,
      responseBytes: row.responseBytes,
      savedUsd: formatUsd(parsePicoUsd(row.saved)),
      warnings: row.warnings,
      because: row.because.map(({ code, text }) => ({ code, text })),
      attemptDetails: attempts.map((attempt) => presentAttempt(attempt, nameOf)),
    };
  }
}

function namedIn(row: RequestRow): (string | null)[] {
  return [row.teamId, row.projectId, row.virtualKeyId, row.connectionId];
}

function presentSummary(row: RequestRow, nameOf: NameOf): RequestSummary {
  return {
    requestId: row.requestId,
    startedAt: instant(row.startedAt),
    operation: row.operation,
    teamName: nameOf("team", row.teamId),
    projectName: nameOf("project", row.projectId),
    keyName: nameOf("virtual_key", row.virtualKeyId),
    user: row.user,
    session: row.session,
    tags: row.tags,
    requestedModel: row.requestedModel,
    routeName: row.routeName,
    connectionName: row.connectionId && nameOf("connection", row.connectionId),
    providerModel: row.providerModel,
    stream: row.stream,
    status: row.status,
    errorCode: row.errorCode,
    verdict: row.verdict,
    cache: row.cache,
    attempts: row.attempts,
    costUsd: formatUsd(parsePicoUsd(row.cost)),
    timeToFirstTokenMs: row.timeToFirstTokenMs,
    durationMs: row.durationMs,
    gatewayOverheadMs: row.gatewayOverheadMs,
  };
}

function presentAttempt(row: AttemptRow, nameOf: NameOf): Receipt["attemptDetails"][number] {
  return {
    attemptId: row.attemptId,
    attemptNumber: row.attemptNumber,
    role: row.role,
    connectionName: nameOf("connection", row.connectionId),
    providerModel: row.providerModel,
    startedAt: instant(row.startedAt),
    durationMs: row.endedAt.getTime() - row.startedAt.getTime(),
    timeToFirstTokenMs: row.timeToFirstTokenMs,
    verdict: row.verdict,
    failureClass: row.failureClass,
    upstreamStatus: row.upstreamStatus,
    usageSource: row.usageSource,
    priceVersionId: row.priceVersionId,
    expectedUsd: row.expected === null ? null : formatUsd(parsePicoUsd(row.expected)),
    heldUsd: formatUsd(parsePicoUsd(row.held)),
    costUsd: formatUsd(parsePicoUsd(row.cost)),
    correctedUsd: formatUsd(parsePicoUsd(row.corrected)),
    lines: row.lines.map(({ meter, quantity, unitPricePicoUsd, amountPicoUsd }) => ({
      meter,
      quantity,
      unitPriceUsd: formatUsd(parsePicoUsd(unitPricePicoUsd)),
      amountUsd: formatUsd(parsePicoUsd(amountPicoUsd)),
    })),
    budgets: row.quotas.map((charge) => presentCharge(charge, nameOf)),
  };
}

function presentCharge(charge: QuotaCharge, nameOf: NameOf): Receipt["attemptDetails"][number]["budgets"][number] {
  const charged = BigInt(charge.chargedPicoUsd) + BigInt(charge.overrunPicoUsd);
  return {
    id: charge.quotaId,
    name: nameOf("budget", charge.quotaId),
    heldUsd: formatUsd(parsePicoUsd(charge.heldPicoUsd)),
    chargedUsd: formatUsd(picoUsd(charged)),
  };
}
