import { createHash } from "node:crypto";
import { Injectable } from "@nestjs/common";
import type { ProviderStatement, reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import { formatUsd, parsePicoUsd, parseUsd, picoUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { readStatement } from "@switchyard/metering/statements/read-statement";
import { StatementError, type StatementLine } from "@switchyard/metering/statements/statement-line";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { z } from "zod";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { compareFigures } from "./compare-figures.ts";
import { ReconciliationRepository, type DayRange } from "./reconciliation.repository.ts";
import { StatementRepository, type StatementRow } from "./statement.repository.ts";

type Comparison = z.infer<typeof reconciliationOperations.compare.response>;
type Unpriced = z.infer<typeof reconciliationOperations.unpriced.response>;

const longestRangeMs = 366 * 86_400_000;

@Injectable()
export class ReconciliationService {
  readonly #figures: ReconciliationRepository;
  readonly #statements: StatementRepository;
  readonly #names: ResourceNameRepository;
  readonly #audit: AuditEntryRepository;

  constructor(
    figures: ReconciliationRepository,
    statements: StatementRepository,
    names: ResourceNameRepository,
    audit: AuditEntryRepository,
  ) {
    this.#figures = figures;
    this.#statements = statements;
    this.#names = names;
    this.#audit = audit;
  }

  async compare({
    connectionId,
    ...range
  }: Call<typeof reconciliationOperations.compare>["query"]): Promise<Comparison> {
    requireRange(range);
    const [ours, doubts, theirs, covered] = await Promise.all([
      this.#figures.ours(range, connectionId),
      this.#figures.doubts(range, connectionId),
      this.#figures.theirs(range, connectionId),
      this.#figures.coveredDays(range, connectionId),
    ]);
    const nameOf = await this.#names.lookUp([...ours, ...theirs].map((row) => row.connectionId));
    const rows = compareFigures({ ours, doubts, theirs, covered }, (id) => nameOf("connection", id));
    // Only what has a counterpart is compared: a day without a statement is not a difference.
    const compared = rows.filter(({ residualUsd }) => residualUsd !== null);
    const sum = (amounts: readonly (string | null | undefined)[]) =>
      formatUsd(sumPicoUsd(amounts.map((amount) => parseUsd(amount ?? "0"))));
    return {
      rows,
      totals: {
        oursUsd: sum(compared.map(({ ours: figures }) => figures?.costUsd)),
        theirsUsd: sum(compared.map(({ theirs: figures }) => figures?.costUsd)),
        residualUsd: sum(compared.map(({ residualUsd }) => residualUsd)),
      },
    };
  }

  async unpriced(range: Call<typeof reconciliationOperations.unpriced>["query"]): Promise<Unpriced> {
    requireRange(range);
    const rows = await this.#figures.unpriced(range);
    const nameOf = await this.#names.lookUp(rows.flatMap(({ connectionId, modelId }) => [connectionId, modelId]));
    return {
      items: rows.map(({ firstAt, lastAt, ...row }) => ({
        ...row,
        connectionName: nameOf("connection", row.connectionId),
        model: nameOf("model", row.modelId),
        firstAt: instant(firstAt),
        lastAt: instant(lastAt),
      })),
    };
  }

  async listStatements(): Promise<{ items: ProviderStatement[] }> {
    const rows = await this.#statements.list();
    const nameOf = await this.#names.lookUp(rows.map(({ connectionId }) => connectionId));
    return { items: rows.map((row) => presentStatement(row, nameOf("connection", row.connectionId))) };
  }

  async import(
    actor: Actor,
    { connectionId, format, content, mapping }: Call<typeof reconciliationOperations.importStatement>["body"],
  ): Promise<ProviderStatement> {
    const lines = readLines(() => readStatement(format, content, mapping ?? null));
    const days = lines.map(({ day }) => day).toSorted();
    const [firstDay] = days;
    const lastDay = days.at(-1);
    if (firstDay === undefined || lastDay === undefined) throw unreadable("The file has no lines.");
    const costs = lines.flatMap(({ costPicoUsd }) => costPicoUsd ?? []);
    const statement = {
      id: createUuidV7(),
      connectionId,
      format,
      firstDay,
      lastDay,
      sumPicoUsd: costs.length === 0 ? null : sumPicoUsd(costs).toString(),
      sha256: createHash("sha256").update(content).digest("hex"),
      importedBy: actor.name,
    };
    const inserted = await this.#statements.transaction(async (connection) => {
      if (!(await this.#names.isLive(connection, "connection", connectionId))) throw unknownConnection();
      const row = await this.#statements.insert(connection, statement, lines);
      const draft = { action: "statement.imported", resourceType: "provider_statement", resourceId: statement.id };
      await this.#audit.record(connection, actor, { ...draft, after: { ...statement, lines: lines.length } }, null);
      return row;
    });
    const nameOf = await this.#names.lookUp([connectionId]);
    return presentStatement(inserted, nameOf("connection", connectionId));
  }
}

function readLines(read: () => StatementLine[]): StatementLine[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof StatementError) throw unreadable(error.message);
    throw error;
  }
}

function presentStatement(row: StatementRow, connectionName: string): ProviderStatement {
  const { id, connectionId, lines, sha256, importedBy } = row;
  return {
    id,
    connectionId,
    connectionName,
    format: row.format as ProviderStatement["format"],
    firstDay: dayOf(row.firstDay),
    lastDay: dayOf(row.lastDay),
    lines,
    sumUsd: row.sumPicoUsd === null ? null : formatUsd(picoUsd(parsePicoUsd(row.sumPicoUsd.toFixed()))),
    sha256,
    importedBy,
    importedAt: instant(row.importedAt),
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function requireRange({ from, to }: DayRange): void {
  const lengthMs = Date.parse(to) - Date.parse(from);
  if (lengthMs >= 0 && lengthMs <= longestRangeMs) return;
  const message = "must be `from` or up to 366 days later";
  throw new ControlPlaneError("validation_failed", { problems: [{ path: "to", code: "invalid_range", message }] });
}

function unreadable(message: string): ControlPlaneError {
  return new ControlPlaneError("validation_failed", { problems: [{ path: "content", code: "unreadable", message }] });
}

function unknownConnection(): ControlPlaneError {
  const message = "is no connection";
  return new ControlPlaneError("validation_failed", { problems: [{ path: "connectionId", code: "unknown", message }] });
}
