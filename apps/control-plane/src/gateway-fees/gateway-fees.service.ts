import { Injectable } from "@nestjs/common";
import type { GatewayFee, gatewayFeeOperations, GatewayFeeScope } from "@switchyard/api-contract/gateway-fees";
import { formatUsd, parseUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { QuotaScopes } from "../quotas/quota-scopes.ts";
import { type NameOf, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { GatewayFeeRepository, type GatewayFeeRow } from "./gateway-fee.repository.ts";

const largestPerRequest = 10n ** 18n;
const ppmOfPercent = 10_000;

@Injectable()
export class GatewayFeesService {
  readonly #fees: GatewayFeeRepository;
  readonly #scopes: QuotaScopes;
  readonly #names: ResourceNameRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(
    fees: GatewayFeeRepository,
    scopes: QuotaScopes,
    names: ResourceNameRepository,
    publisher: PolicyRevisionPublisher,
  ) {
    this.#fees = fees;
    this.#scopes = scopes;
    this.#names = names;
    this.#publisher = publisher;
  }

  async list(): Promise<{ items: GatewayFee[] }> {
    const rows = await this.#fees.list();
    const nameOf = await this.#names.lookUp(rows.map(({ scopeId }) => scopeId));
    return { items: rows.map((row) => present(row, nameOf)) };
  }

  async set(actor: Actor, body: Call<typeof gatewayFeeOperations.set>["body"]): Promise<Published<GatewayFee>> {
    const { scope } = body;
    const perRequestPicoUsd = parsePerRequest(body.perRequestUsd);
    const published = await this.#publisher.publish(actor, async (connection) => {
      await this.#scopes.require(connection, scope);
      const before = await this.#fees.findOfScope(connection, scope.type, scope.id);
      const after = await this.#fees.set(connection, createUuidV7(), {
        scopeType: scope.type,
        scopeId: scope.id,
        perRequestPicoUsd,
        shareOfCostPpm: ppmOf(body.percentOfCost),
      });
      return {
        value: after,
        summary: `Gateway fee set to ${describe(after)}`,
        audit: {
          action: "gateway_fee.set",
          resourceType: "gateway_fee",
          resourceId: after.id,
          ...(before === null ? {} : { before: auditState(before) }),
          after: auditState(after),
        },
      };
    });
    const nameOf = await this.#names.lookUp([scope.id]);
    return published.with(present(published.value, nameOf));
  }

  remove(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = found(await this.#fees.find(connection, id), "gateway fee");
      await this.#fees.remove(connection, id);
      return {
        value: undefined,
        summary: `Gateway fee of ${describe(before)} removed`,
        audit: {
          action: "gateway_fee.removed",
          resourceType: "gateway_fee",
          resourceId: id,
          before: auditState(before),
        },
      };
    });
  }
}

function present(row: GatewayFeeRow, nameOf: NameOf): GatewayFee {
  return {
    id: row.id,
    scope: { type: row.scopeType as GatewayFeeScope["type"], id: row.scopeId },
    scopeName: nameOf(row.scopeType, row.scopeId),
    perRequestUsd: formatUsd(picoUsd(row.perRequestPicoUsd)),
    percentOfCost: percentOf(row.shareOfCostPpm),
    createdAt: instant(row.createdAt),
  };
}

function auditState(row: GatewayFeeRow) {
  const { scopeType, scopeId, perRequestPicoUsd, shareOfCostPpm } = row;
  return {
    scope: { type: scopeType, id: scopeId },
    perRequestUsd: formatUsd(picoUsd(perRequestPicoUsd)),
    percentOfCost: percentOf(shareOfCostPpm),
  };
}

function describe({ perRequestPicoUsd, shareOfCostPpm }: GatewayFeeRow): string {
  return `$${formatUsd(picoUsd(perRequestPicoUsd))} a request and ${percentOf(shareOfCostPpm)} % of the cost`;
}

/** "2.5" is 25,000 millionths. */
function ppmOf(percent: string): number {
  const [whole = "0", fraction = ""] = percent.split(".");
  return Number(whole) * ppmOfPercent + Number(fraction.padEnd(4, "0"));
}

function percentOf(ppm: number): string {
  return String(ppm / ppmOfPercent);
}

function parsePerRequest(usd: string): bigint {
  const amount = parseUsd(usd);
  if (amount < largestPerRequest) return amount;
  const problems = [{ path: "perRequestUsd", code: "too_big", message: "is more than a request may cost" }];
  throw new ControlPlaneError("validation_failed", { problems });
}
