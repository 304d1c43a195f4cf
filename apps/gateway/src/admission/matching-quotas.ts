import { memberQuota } from "@switchyard/metering/quota-member";
import type { Quota, QuotaScopeType } from "@switchyard/metering/quota";
import type { Attribution } from "@switchyard/metering/usage-event";
import type { ActivePolicy } from "../policies/active-policy.ts";

type QuotasByScope = ActivePolicy["quotasByScope"];

export interface MatchingQuotas {
  /** Requests, tokens and calls in flight. Soft ones limit nothing, so only hard ones are listed. */
  readonly rates: readonly Quota[];
  readonly hardBudgets: readonly Quota[];
  readonly softBudgets: readonly Quota[];
}

/** Every quota that a call is in the scope of, but for those of a connection: which one serves it comes later. */
export function quotasOfCall(policy: ActivePolicy, attribution: Attribution, routeId: string): MatchingQuotas {
  const { quotasByScope } = policy;
  const found: Quota[] = [];
  if (quotasByScope.size === 0) return sortByKind(found);
  collect(quotasByScope, "organisation", attribution.organisationId, found);
  collect(quotasByScope, "team", attribution.teamId, found);
  collect(quotasByScope, "project", attribution.projectId, found);
  collect(quotasByScope, "virtual_key", attribution.virtualKeyId, found);
  if (attribution.user !== null) collect(quotasByScope, "user", attribution.user, found);
  if (attribution.session !== null) collect(quotasByScope, "session", attribution.session, found);
  for (const tag of attribution.tags) collect(quotasByScope, "tag", tag, found);
  collect(quotasByScope, "route", routeId, found);
  for (const [index, quota] of found.entries()) {
    if (quota.eachOf !== undefined) found[index] = memberQuota(quota, attribution[quota.eachOf]);
  }
  return sortByKind(found);
}

/** The quotas that an attempt adds, by the connection it goes to. */
export function quotasOfConnection(policy: ActivePolicy, connectionId: string): MatchingQuotas {
  const found: Quota[] = [];
  collect(policy.quotasByScope, "connection", connectionId, found);
  return sortByKind(found);
}

function collect(quotasByScope: QuotasByScope, type: QuotaScopeType, id: string, found: Quota[]): void {
  const quotas = quotasByScope.get(type)?.get(id);
  if (quotas !== undefined) found.push(...quotas);
}

const none: MatchingQuotas = { rates: [], hardBudgets: [], softBudgets: [] };

function sortByKind(quotas: readonly Quota[]): MatchingQuotas {
  if (quotas.length === 0) return none;
  const rates: Quota[] = [];
  const hardBudgets: Quota[] = [];
  const softBudgets: Quota[] = [];
  for (const quota of quotas) {
    if (quota.unit === "pico_usd") (quota.mode === "hard" ? hardBudgets : softBudgets).push(quota);
    else if (quota.mode === "hard") rates.push(quota);
  }
  return { rates, hardBudgets, softBudgets };
}
