import { Injectable } from "@nestjs/common";
import type { ClosedPeriod, reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import type { z } from "zod";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { ClosedPeriodRepository, type ClosedPeriodRow } from "./closed-period.repository.ts";

type Periods = z.infer<typeof reconciliationOperations.periods.response>;

/** Closes months. The database holds them closed; here it is said who may and when. */
@Injectable()
export class ClosedPeriodsService {
  readonly #periods: ClosedPeriodRepository;
  readonly #audit: AuditEntryRepository;

  constructor(periods: ClosedPeriodRepository, audit: AuditEntryRepository) {
    this.#periods = periods;
    this.#audit = audit;
  }

  async list(): Promise<Periods> {
    const items = (await this.#periods.list()).map(present);
    const over = monthBefore(new Date());
    return { items, closable: items[0] !== undefined && items[0].month >= over ? null : over };
  }

  async close(actor: Actor, month: string): Promise<ClosedPeriod> {
    const { closable } = await this.list();
    if (closable === null || month > closable) throw new ControlPlaneError("period_not_closable");
    const [last] = (await this.#periods.list()).map(present);
    if (last !== undefined && month <= last.month) throw new ControlPlaneError("period_not_closable");
    return this.#periods.transaction(async (connection) => {
      const closed = present(await this.#periods.close(connection, month, actor.name));
      const draft = { action: "period.closed", resourceType: "period", resourceId: month };
      await this.#audit.record(connection, actor, { ...draft, after: closed }, null);
      return closed;
    });
  }
}

function present({ month, entries, spend, closedBy, closedAt }: ClosedPeriodRow): ClosedPeriod {
  return {
    month,
    entries: Number(entries),
    spendUsd: formatUsd(parsePicoUsd(spend)),
    closedBy,
    closedAt: instant(closedAt),
  };
}

function monthBefore(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
}
