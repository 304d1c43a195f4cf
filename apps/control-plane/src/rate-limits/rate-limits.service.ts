import { Injectable } from "@nestjs/common";
import type { RateLimit, rateLimitOperations, Scope } from "@switchyard/api-contract/quotas";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { type Page, toPage } from "../database/keyset.ts";
import { found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { type QuotaDetails, QuotaRepository } from "../quotas/quota.repository.ts";
import { QuotaScopes } from "../quotas/quota-scopes.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";

type Measure = RateLimit["measure"];

const quotaOfMeasure = {
  requests_per_minute: { unit: "requests", period: "minute" },
  tokens_per_minute: { unit: "tokens", period: "minute" },
  concurrent_requests: { unit: "concurrent_requests", period: "concurrent" },
} as const satisfies Record<Measure, { unit: string; period: string }>;

/** Rate limits are hard quotas of requests, tokens and calls in flight. */
@Injectable()
export class RateLimitsService {
  readonly #quotas: QuotaRepository;
  readonly #scopes: QuotaScopes;
  readonly #names: ResourceNameRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(
    quotas: QuotaRepository,
    scopes: QuotaScopes,
    names: ResourceNameRepository,
    publisher: PolicyRevisionPublisher,
  ) {
    this.#quotas = quotas;
    this.#scopes = scopes;
    this.#names = names;
    this.#publisher = publisher;
  }

  async list(query: Call<typeof rateLimitOperations.list>["query"]): Promise<Page<RateLimit>> {
    const rows = await this.#quotas.list(query, { ...query, isMoney: false });
    const { items, nextCursor } = toPage(
      rows,
      query.limit,
      ({ createdAt, id }) => [createdAt, id],
      (row) => row,
    );
    return { items: await this.#present(items), nextCursor };
  }

  async get(id: string): Promise<RateLimit> {
    const [rateLimit] = await this.#present([found(await this.#quotas.findLive(id, false), "rate limit")]);
    return found(rateLimit, "rate limit");
  }

  async create(actor: Actor, body: Call<typeof rateLimitOperations.create>["body"]): Promise<Published<RateLimit>> {
    const id = createUuidV7();
    const published = await this.#publisher.publish(actor, async (connection) => {
      const { name, scope, measure, limit } = body;
      await this.#scopes.require(connection, scope);
      await this.#quotas.insert(connection, {
        id,
        name,
        ...quotaOfMeasure[measure],
        timeZone: "UTC",
        limit: BigInt(limit),
        mode: "hard",
        whenShort: "refuse",
        scopeType: scope.type,
        scopeId: scope.id,
        eachOf: null,
        thresholds: [],
      });
      return {
        value: undefined,
        summary: `Rate limit ${name} set to ${limit} ${measure.replaceAll("_", " ")}`,
        audit: { action: "rate_limit.created", resourceType: "rate_limit", resourceId: id, after: body },
      };
    });
    return published.with(await this.get(id));
  }

  async update(
    actor: Actor,
    id: string,
    { name, limit }: Call<typeof rateLimitOperations.update>["body"],
  ): Promise<Published<RateLimit>> {
    const published = await this.#publisher.publish(actor, async (connection) => {
      const before = found(await this.#quotas.findLive(id, false, connection), "rate limit");
      await this.#quotas.update(connection, id, {
        ...(name !== undefined && { name }),
        ...(limit !== undefined && { limit: BigInt(limit) }),
      });
      const after = found(await this.#quotas.findLive(id, false, connection), "rate limit");
      return {
        value: undefined,
        summary: `Rate limit ${before.name} changed`,
        audit: {
          action: "rate_limit.changed",
          resourceType: "rate_limit",
          resourceId: id,
          before: auditState(before),
          after: auditState(after),
        },
      };
    });
    return published.with(await this.get(id));
  }

  archive(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = found(await this.#quotas.findLive(id, false, connection), "rate limit");
      await this.#quotas.setArchived(connection, id, new Date());
      return {
        value: undefined,
        summary: `Rate limit ${before.name} lifted`,
        audit: {
          action: "rate_limit.archived",
          resourceType: "rate_limit",
          resourceId: id,
          before: auditState(before),
        },
      };
    });
  }

  async #present(rows: readonly QuotaDetails[]): Promise<RateLimit[]> {
    const states = await this.#quotas.states(rows.map(({ id }) => id));
    const nameOf = await this.#names.lookUp(rows.map(({ scopeId }) => scopeId));
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      scope: scopeOf(row),
      scopeName: nameOf(row.scopeType, row.scopeId),
      measure: measureOf(row.unit),
      limit: Number(row.limit.toFixed()),
      leased: Number(states.get(row.id)?.leased ?? 0n),
      createdAt: instant(row.createdAt),
    }));
  }
}

function measureOf(unit: string): Measure {
  if (unit === "tokens") return "tokens_per_minute";
  return unit === "requests" ? "requests_per_minute" : "concurrent_requests";
}

function scopeOf(row: QuotaDetails): Scope {
  return { type: row.scopeType as Scope["type"], id: row.scopeId };
}

function auditState(row: QuotaDetails) {
  return { name: row.name, scope: scopeOf(row), measure: measureOf(row.unit), limit: row.limit.toFixed() };
}
