/**
 * Keeps the counters of users and sessions from growing without bound: one that nobody has used for a while, or the ones
 * unused for longest where there are too many, give their leases back and are dropped. What was spent of them is in journal
 * and ledger and stays counted in the database, so the next call of such a user finds exactly what is left.
 */
import type { QuotaAccount } from "./quota-account.ts";

export interface MemberEvictionOptions {
  /** Members unused for this long are dropped. */
  readonly idleMs: number;
  /** So many stay at most, unless calls of more than that are under way. */
  readonly mostMembers: number;
}

export const defaultMemberEviction: MemberEvictionOptions = { idleMs: 60_000, mostMembers: 10_000 };

/** The members that have to go now: not in use, and unused for too long or too many. */
export function membersToEvict(
  accounts: Iterable<QuotaAccount>,
  { idleMs, mostMembers }: MemberEvictionOptions,
  now: number,
): QuotaAccount[] {
  const members = [...accounts].filter(({ quota }) => quota.memberOf !== undefined);
  const tooMany = Math.max(0, members.length - mostMembers);
  if (tooMany > 0) members.sort((a, b) => a.usedAt - b.usedAt);
  return members.filter((account, index) => {
    const isDue = index < tooMany || now - account.usedAt >= idleMs;
    return isDue && account.isIdle(now);
  });
}
