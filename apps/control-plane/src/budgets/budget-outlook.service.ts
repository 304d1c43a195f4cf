import { Injectable } from "@nestjs/common";
import type { BudgetOutlook } from "@switchyard/api-contract/quotas";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { OrganisationRepository } from "../organisation/organisation.repository.ts";
import { type NameOf, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { BudgetOutlookRepository, type BudgetScope } from "./budget-outlook.repository.ts";

const dayMs = 86_400_000;
const lookBackDays = 7;

type Step = BudgetOutlook["path"][number];

/** Where budgets stand among each other, and what their scopes spend a day: what a forecast of another limit needs. */
@Injectable()
export class BudgetOutlookService {
  readonly #outlook: BudgetOutlookRepository;
  readonly #organisation: OrganisationRepository;
  readonly #names: ResourceNameRepository;

  constructor(outlook: BudgetOutlookRepository, organisation: OrganisationRepository, names: ResourceNameRepository) {
    this.#outlook = outlook;
    this.#organisation = organisation;
    this.#names = names;
  }

  async get(now = new Date()): Promise<{ items: BudgetOutlook[] }> {
    const today = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
    const [scopes, spend, organisation] = await Promise.all([
      this.#outlook.scopes(),
      this.#outlook.spend(new Date(today.getTime() - lookBackDays * dayMs), today),
      this.#organisation.current(),
    ]);
    const nameOf = await this.#names.lookUp([
      organisation.id,
      ...scopes.flatMap(({ scopeId, projectId, teamId }) => [scopeId, projectId, teamId]),
    ]);
    const spent = new Map(spend.map((row) => [`${row.scopeType} ${row.scopeId}`, BigInt(row.spend)]));
    const items = scopes.map((scope) => ({
      budgetId: scope.id,
      path: pathOf(scope, organisation.id, nameOf),
      dailyUsd: dailyUsd(scope, spent),
    }));
    return { items };
  }
}

/** Corrections may have taken more away than those days cost. */
function dailyUsd({ scopeType, scopeId }: BudgetScope, spent: ReadonlyMap<string, bigint>): string | null {
  if (scopeType === "session") return null;
  const sum = spent.get(`${scopeType} ${scopeId}`) ?? 0n;
  return formatUsd(picoUsd(sum > 0n ? sum / BigInt(lookBackDays) : 0n));
}

function pathOf(
  { scopeType, scopeId, projectId, teamId }: BudgetScope,
  organisationId: string,
  nameOf: NameOf,
): BudgetOutlook["path"] {
  const step = (type: Step["type"], id: string): Step => ({ type, id, name: nameOf(type, id) });
  const own = step(scopeType as Step["type"], scopeId);
  const organisation = step("organisation", organisationId);
  switch (scopeType) {
    case "team":
      return [organisation, own];
    case "project":
      return [organisation, ...(teamId === null ? [] : [step("team", teamId)]), own];
    case "virtual_key":
      return [
        organisation,
        ...(teamId === null ? [] : [step("team", teamId)]),
        ...(projectId === null ? [] : [step("project", projectId)]),
        own,
      ];
    default:
      return [own];
  }
}
