/**
 * One mechanism serves every quota (DESIGN section 5): money per period, requests or tokens per minute, and calls in
 * flight. Amounts are integers of the quota's unit, carried as decimal strings.
 */
import { z } from "zod";

export const quotaUnits = ["pico_usd", "requests", "tokens", "concurrent_requests"] as const;
export const quotaPeriods = ["minute", "day", "week", "month", "total", "concurrent"] as const;
export const quotaScopeTypes = [
  "organisation",
  "team",
  "project",
  "virtual_key",
  "user",
  "session",
  "tag",
  "route",
  "connection",
] as const;

/** Of whom each may have a counter of its own under one quota. */
export const quotaMemberKinds = ["user", "session"] as const;
export type QuotaMemberKind = (typeof quotaMemberKinds)[number];
/** Where such a quota may be set: what is known of a call before anybody knows which connection serves it. */
export const memberScopeTypes = ["organisation", "team", "project", "virtual_key", "route", "tag"] as const;

export type QuotaScopeType = (typeof quotaScopeTypes)[number];

export const quotaLimitSchema = z.string().regex(/^\d{1,30}$/, "a whole, non-negative number");

export const quotaSchema = z.strictObject({
  quotaId: z.string().min(1),
  name: z.string().min(1).max(120),
  unit: z.enum(quotaUnits),
  period: z.enum(quotaPeriods),
  /** IANA zone in which day, week (from Monday) and month begin. */
  timeZone: z.string().min(1).max(60),
  limit: quotaLimitSchema,
  mode: z.enum(["hard", "soft"]),
  /** What happens when the remainder covers less than the worst case of a call: refuse it, or lower its output cap. */
  whenShort: z.enum(["refuse", "clamp"]),
  scopeType: z.enum(quotaScopeTypes),
  /** Id of the scoped object; for user, session and tag the literal value. */
  scopeId: z.string().min(1).max(200),
  /** The limit is for each user, or each session, of the scope; absent: for all of it together. */
  eachOf: z.enum(quotaMemberKinds).optional(),
});

export type Quota = z.infer<typeof quotaSchema> & {
  /** The quota that this is one member's counter of; see quota-member.ts. */
  readonly memberOf?: string;
};
