import { Injectable } from "@nestjs/common";
import type { Budget, BudgetMember, budgetOperations, Scope } from "@switchyard/api-contract/quotas";
import { formatUsd, parseUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { memberScopeTypes } from "@switchyard/metering/quota";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { type Page, toPage } from "../database/keyset.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { type QuotaDetails, QuotaRepository, type QuotaState } from "../quotas/quota.repository.ts";
import { QuotaScopes } from "../quotas/quota-scopes.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { describeBudgetState } from "./budget-state.ts";

const largestLimit = 10n ** 30n;
const mostMembers = 100;
const longestRaiseMs = 92 * 86_400_000;

/** Budgets are quotas of money. A new limit counts at once: gateways lease by the row, not by the revision. */
@Injectable()
export class BudgetsService {
  readonly #quotas: QuotaRepository;
  readonly #scopes: QuotaScopes;
  readonly #names: ResourceNameRepository;
  readonly #publisher: PolicyRevisionPublisher;
  readonly #audit: AuditEntryRepository;

  constructor(
    quotas: QuotaRepository,
    scopes: QuotaScopes,
    names: ResourceNameRepository,
    publisher: PolicyRevisionPublisher,
    audit: AuditEntryRepository,
  ) {
    this.#quotas = quotas;
    this.#scopes = scopes;
    this.#names = names;
    this.#publisher = publisher;
    this.#audit = audit;
  }

  async list(query: Call<typeof budgetOperations.list>["query"]): Promise<Page<Budget>> {
    const rows = await this.#quotas.list(query, { ...query, isMoney: true });
    const { items, nextCursor } = toPage(
      rows,
      query.limit,
      ({ createdAt, id }) => [createdAt, id],
      (row) => row,
    );
    return { items: await this.#present(items), nextCursor };
  }

  async get(id: string): Promise<Budget> {
    const [budget] = await this.#present([found(await this.#quotas.findLive(id, true), "budget")]);
    return found(budget, "budget");
  }

  async listMembers(id: string): Promise<{ items: BudgetMember[]; memberCount: number }> {
    const row = found(await this.#quotas.findLive(id, true), "budget");
    const now = new Date();
    const { members, count } = await this.#quotas.membersByUse(id, mostMembers);
    const items = members.map(({ member, state }) => ({
      member,
      state: describeBudgetState(limitInForce(row, now), row.period, state, now),
    }));
    return { items, memberCount: count };
  }

  async create(actor: Actor, body: Call<typeof budgetOperations.create>["body"]): Promise<Published<Budget>> {
    const id = createUuidV7();
    const published = await this.#publisher.publish(actor, async (connection) => {
      const { scope, limitUsd, thresholdsPct, ...settings } = body;
      await this.#scopes.require(connection, scope);
      if (body.eachOf !== null && !isForEach(body)) throw notForEach(body.eachOf);
      if (!(await this.#quotas.knowsTimeZone(connection, body.timeZone))) throw unknownTimeZone();
      await this.#quotas.insert(connection, {
        id,
        ...settings,
        unit: "pico_usd",
        limit: parseLimit(limitUsd),
        thresholds: toThresholds(thresholdsPct),
        scopeType: scope.type,
        scopeId: scope.id,
      });
      return {
        value: undefined,
        summary: `Budget ${body.name} set to ${limitUsd} USD a ${body.period}`,
        audit: { action: "budget.created", resourceType: "budget", resourceId: id, after: body },
      };
    });
    return published.with(await this.get(id));
  }

  async update(
    actor: Actor,
    id: string,
    { limitUsd, thresholdsPct, ...settings }: Call<typeof budgetOperations.update>["body"],
  ): Promise<Published<Budget>> {
    const published = await this.#publisher.publish(actor, async (connection) => {
      const before = found(await this.#quotas.findLive(id, true, connection), "budget");
      if (before.eachOf !== null && settings.mode === "soft") throw notForEach(before.eachOf);
      await this.#quotas.update(connection, id, {
        ...settings,
        ...(limitUsd !== undefined && { limit: parseLimit(limitUsd) }),
        ...(thresholdsPct !== undefined && { thresholds: toThresholds(thresholdsPct) }),
      });
      const after = found(await this.#quotas.findLive(id, true, connection), "budget");
      return {
        value: undefined,
        summary: `Budget ${before.name} changed`,
        audit: {
          action: "budget.changed",
          resourceType: "budget",
          resourceId: id,
          before: auditState(before),
          after: auditState(after),
        },
      };
    });
    return published.with(await this.get(id));
  }

  /** Adds to the limit for a while. Gateways lease by the row, so it counts at once and ends by itself. */
  async raise(
    actor: Actor,
    id: string,
    { amountUsd, until, note }: Call<typeof budgetOperations.raise>["body"],
  ): Promise<Budget> {
    const raise = { amount: parseLimit(amountUsd, "amountUsd"), until: new Date(until) };
    if (raise.amount === 0n) throw invalid("amountUsd", "too_small", "must be more than nothing");
    const untilMs = raise.until.getTime();
    if (untilMs <= Date.now() || untilMs > Date.now() + longestRaiseMs) {
      throw invalid("until", "invalid_range", "must lie in the next 92 days");
    }
    await this.#changeRaise(actor, id, raise, "budget.raised", { amountUsd, until, note });
    return this.get(id);
  }

  /** Ends a raise before its time. */
  async endRaise(actor: Actor, id: string): Promise<Budget> {
    await this.#changeRaise(actor, id, null, "budget.raise_ended", null);
    return this.get(id);
  }

  #changeRaise(
    actor: Actor,
    id: string,
    raise: Parameters<QuotaRepository["setRaise"]>[2],
    action: string,
    after: object | null,
  ): Promise<void> {
    return this.#quotas.transaction(async (connection) => {
      const before = found(await this.#quotas.findLive(id, true, connection), "budget");
      await this.#quotas.setRaise(connection, id, raise);
      const draft = { action, resourceType: "budget", resourceId: id, before: { raise: raiseOf(before) } };
      await this.#audit.record(connection, actor, { ...draft, after: { raise: after } }, null);
    });
  }

  archive(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = found(await this.#quotas.findLive(id, true, connection), "budget");
      await this.#quotas.setArchived(connection, id, new Date());
      return {
        value: undefined,
        summary: `Budget ${before.name} lifted`,
        audit: { action: "budget.archived", resourceType: "budget", resourceId: id, before: auditState(before) },
      };
    });
  }

  async #present(rows: readonly QuotaDetails[]): Promise<Budget[]> {
    const now = new Date();
    const states = await this.#quotas.states(rows.map(({ id }) => id));
    const nameOf = await this.#names.lookUp(rows.map(({ scopeId }) => scopeId));
    return rows.flatMap((row) => {
      const state = states.get(row.id);
      return state ? [present(row, state, nameOf(row.scopeType, row.scopeId), now)] : [];
    });
  }
}

function present(row: QuotaDetails, state: QuotaState, scopeName: string, now: Date): Budget {
  const limit = BigInt(row.limit.toFixed());
  const raise = raiseOf(row);
  const inForce = limitInForce(row, now);
  return {
    id: row.id,
    name: row.name,
    scope: scopeOf(row),
    scopeName,
    limitUsd: formatUsd(picoUsd(limit)),
    eachOf: row.eachOf as Budget["eachOf"],
    period: row.period as Budget["period"],
    timeZone: row.timeZone,
    mode: row.mode as Budget["mode"],
    whenShort: row.whenShort as Budget["whenShort"],
    thresholdsPct: row.thresholds,
    raise: inForce === limit ? null : raise,
    state: describeBudgetState(inForce, row.period, state, now),
    createdAt: instant(row.createdAt),
  };
}

/** What may be spent now, a raise counted in. */
function limitInForce({ limit, raiseAmount, raiseUntil }: QuotaDetails, now: Date): bigint {
  const base = BigInt(limit.toFixed());
  const isRaised = raiseAmount !== null && raiseUntil !== null && raiseUntil > now;
  return isRaised ? base + BigInt(raiseAmount.toFixed()) : base;
}

function raiseOf({ raiseAmount, raiseUntil }: QuotaDetails): Budget["raise"] {
  if (raiseAmount === null || raiseUntil === null) return null;
  return { amountUsd: formatUsd(picoUsd(BigInt(raiseAmount.toFixed()))), until: instant(raiseUntil) };
}

function scopeOf(row: QuotaDetails): Scope {
  return { type: row.scopeType as Scope["type"], id: row.scopeId };
}

function auditState(row: QuotaDetails) {
  const { name, period, timeZone, mode, whenShort, thresholds, eachOf } = row;
  const limitUsd = formatUsd(picoUsd(BigInt(row.limit.toFixed())));
  return { name, scope: scopeOf(row), limitUsd, eachOf, period, timeZone, mode, whenShort, thresholdsPct: thresholds };
}

function parseLimit(limitUsd: string, path = "limitUsd"): bigint {
  const limit = parseUsd(limitUsd);
  if (limit < largestLimit) return limit;
  throw invalid(path, "too_big", "is more than there is money");
}

function invalid(path: string, code: string, message: string): ControlPlaneError {
  return new ControlPlaneError("validation_failed", { problems: [{ path, code, message }] });
}

function toThresholds(percentages: readonly number[]): number[] {
  return [...new Set(percentages)].toSorted((a, b) => a - b);
}

const memberScopes: ReadonlySet<string> = new Set(memberScopeTypes);

/** Who the members are is known before a connection is chosen, and only a hard limit makes a counter for each of them. */
function isForEach({ mode, scope }: Call<typeof budgetOperations.create>["body"]): boolean {
  return mode === "hard" && memberScopes.has(scope.type);
}

function notForEach(eachOf: string): ControlPlaneError {
  return invalid(
    "eachOf",
    "not_for_each",
    `only a hard budget of ${memberScopeTypes.join(", ")} can be for each ${eachOf}`,
  );
}

function unknownTimeZone(): ControlPlaneError {
  return invalid("timeZone", "unknown_time_zone", "is a zone that the database does not know");
}
