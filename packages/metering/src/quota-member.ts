/**
 * A quota for each user or each session of a scope is a template: every member has a counter of its own, which exists from
 * the member's first call on. Calls that name no member share one counter, so that leaving a header out avoids no limit.
 */
import type { Quota } from "./quota.ts";

const separator = "~";

/** The counter of one member; `member` is what the header said, or null. */
export function memberQuota(template: Quota, member: string | null): Quota {
  const { eachOf = "user", ...settings } = template;
  return {
    ...settings,
    quotaId: memberQuotaId(template.quotaId, member),
    name: memberName(template.name, eachOf, member),
    scopeType: eachOf,
    scopeId: member ?? "",
    memberOf: template.quotaId,
  };
}

/** As the database makes it. */
export function memberQuotaId(templateId: string, member: string | null): string {
  return `${templateId}${separator}${member ?? ""}`;
}

/** Whose member a counter is and which; null for the id of any other quota. Ids of templates have no `~`. */
export function parseMemberQuotaId(
  quotaId: string,
): { readonly templateId: string; readonly member: string | null } | null {
  const at = quotaId.indexOf(separator);
  return at === -1 ? null : { templateId: quotaId.slice(0, at), member: quotaId.slice(at + 1) || null };
}

/** "Daily, user ada"; "Daily, no user". */
export function memberName(templateName: string, eachOf: string, member: string | null): string {
  return member === null ? `${templateName}, no ${eachOf}` : `${templateName}, ${eachOf} ${member}`;
}
