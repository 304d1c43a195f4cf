import { Injectable } from "@nestjs/common";
import { administrators, financeAndAdministrators } from "@switchyard/api-contract/operation";
import type { Refusal } from "@switchyard/api-contract/requests";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { parseMemberQuotaId } from "@switchyard/metering/quota-member";
import type { Reason, RefusingQuota } from "@switchyard/metering/usage-event";
import { instant } from "../database/instant.ts";
import { found } from "../errors/control-plane-error.ts";
import { type QuotaOutlook, QuotaRepository } from "../quotas/quota.repository.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { RequestRepository } from "./request.repository.ts";

/** Says why a call was refused, from its record, and whether the same call would go through now. */
@Injectable()
export class RefusalService {
  readonly #requests: RequestRepository;
  readonly #quotas: QuotaRepository;
  readonly #names: ResourceNameRepository;

  constructor(requests: RequestRepository, quotas: QuotaRepository, names: ResourceNameRepository) {
    this.#requests = requests;
    this.#quotas = quotas;
    this.#names = names;
  }

  async explain(requestId: string): Promise<Refusal> {
    const row = found(await this.#requests.find(requestId), "request");
    const refusing = quotaOf(row.because);
    const nameOf = await this.#names.lookUp([
      row.teamId,
      row.projectId,
      row.virtualKeyId,
      ...(refusing === null ? [] : [refusing.quotaId]),
    ]);
    const outlook = refusing === null ? null : await this.#quotas.outlookOf(refusing.quotaId);
    return {
      requestId: row.requestId,
      at: instant(row.startedAt),
      status: row.status,
      errorCode: row.errorCode,
      teamName: nameOf("team", row.teamId),
      projectName: nameOf("project", row.projectId),
      keyName: nameOf("virtual_key", row.virtualKeyId),
      user: row.user,
      session: row.session,
      routeName: row.routeName,
      because: row.because.map(({ text }) => text),
      quota: refusing && present(refusing, nameOf("budget", refusing.quotaId), outlook),
      // A budget may be raised by finance; what else refuses calls is policy.
      mayChange: await this.#requests.membersWithRole(refusing === null ? administrators : financeAndAdministrators),
    };
  }
}

function quotaOf(because: readonly Reason[]): RefusingQuota | null {
  return because.findLast(({ quota }) => quota !== undefined)?.quota ?? null;
}

function present(refusing: RefusingQuota, name: string, outlook: QuotaOutlook | null): NonNullable<Refusal["quota"]> {
  const { quotaId, unit, why, limit, remaining, needed, resetsAtMs } = refusing;
  const show = (amount: bigint): string => (unit === "pico_usd" ? formatUsd(picoUsd(amount)) : amount.toString());
  return {
    id: quotaId,
    name,
    kind: unit === "pico_usd" ? "budget" : "rate_limit",
    budgetId: parseMemberQuotaId(quotaId)?.templateId ?? quotaId,
    unit,
    why,
    atRefusal: {
      limit: show(BigInt(limit)),
      remaining: show(BigInt(remaining)),
      needed: show(BigInt(needed)),
      resetsAt: resetsAtMs === null ? null : instant(new Date(resetsAtMs)),
    },
    now: outlook && {
      limit: show(outlook.limit),
      remaining: show(outlook.remaining),
      wouldFit: outlook.remaining >= BigInt(needed),
    },
  };
}
