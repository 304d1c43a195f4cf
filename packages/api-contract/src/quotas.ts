/** Budgets (money) and rate limits (requests, tokens, calls in flight): two resources over one mechanism. */
import { quotaMemberKinds, quotaScopeTypes } from "@switchyard/metering/quota";
import { z } from "zod";
import { defineOperation, financeAndAdministrators } from "./operation.ts";
import {
  idParams,
  idSchema,
  instantSchema,
  nameSchema,
  nonNegativeUsdSchema,
  pageOf,
  pageQuery,
  timeZoneSchema,
  usdSchema,
} from "./primitives.ts";

export const scopeSchema = z.strictObject({
  type: z.enum(quotaScopeTypes),
  /** Id of the object; the literal value for user, session and tag (`name=value`). */
  id: z.string().min(1).max(200),
});

export const budgetPeriods = ["day", "week", "month", "total"] as const;

export const budgetStateSchema = z.strictObject({
  windowStart: instantSchema.nullable(),
  nextReset: instantSchema.nullable(),
  usedUsd: usdSchema,
  /** Leased to gateways and not spent yet: holds of calls in flight and slices ready to be spent. */
  heldUsd: usdSchema,
  unreconciledUsd: usdSchema,
  remainingUsd: usdSchema,
  /** Straight-line spend at the end of the window; null too early to tell or without a period. */
  forecastUsd: usdSchema.nullable(),
});

export const budgetSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  scope: scopeSchema,
  scopeName: z.string(),
  limitUsd: usdSchema,
  /** Whose own limit it is within the scope; null: of all of it together. Then `state` says nothing, and the members do. */
  eachOf: z.enum(quotaMemberKinds).nullable(),
  period: z.enum(budgetPeriods),
  timeZone: z.string(),
  mode: z.enum(["hard", "soft"]),
  whenShort: z.enum(["refuse", "clamp"]),
  thresholdsPct: z.array(z.int()),
  /** What is added to the limit for now; null when nothing is. `state.remainingUsd` counts it in. */
  raise: z.strictObject({ amountUsd: usdSchema, until: instantSchema }).nullable(),
  state: budgetStateSchema,
  createdAt: instantSchema,
});

/** What one user or session used of a budget that each of them has. */
export const budgetMemberSchema = z.strictObject({
  /** As the header said it; null: calls that named nobody. */
  member: z.string().nullable(),
  state: budgetStateSchema,
});

/** Where a budget stands among the others, and how fast its scope has spent lately. */
export const budgetOutlookSchema = z.strictObject({
  budgetId: idSchema,
  /** From the organisation down to the scope itself; the scope alone where it is not below a team. */
  path: z.array(z.strictObject({ type: z.enum(quotaScopeTypes), id: z.string(), name: z.string() })),
  /** Mean spend of the last seven whole days (UTC); null where reports do not tell the scope's spend. */
  dailyUsd: usdSchema.nullable(),
});

const budgetSettings = {
  name: nameSchema,
  limitUsd: nonNegativeUsdSchema,
  mode: z.enum(["hard", "soft"]),
  whenShort: z.enum(["refuse", "clamp"]),
  thresholdsPct: z.array(z.int().min(1).max(200)).max(10),
};

export const createBudgetBody = z.strictObject({
  name: budgetSettings.name,
  scope: scopeSchema,
  limitUsd: budgetSettings.limitUsd,
  eachOf: z.enum(quotaMemberKinds).nullable().default(null),
  period: z.enum(budgetPeriods),
  timeZone: timeZoneSchema.default("UTC"),
  mode: budgetSettings.mode.default("hard"),
  whenShort: budgetSettings.whenShort.default("refuse"),
  thresholdsPct: budgetSettings.thresholdsPct.default([50, 80, 100]),
});

export const rateLimitMeasures = ["requests_per_minute", "tokens_per_minute", "concurrent_requests"] as const;

export const rateLimitSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  scope: scopeSchema,
  scopeName: z.string(),
  measure: z.enum(rateLimitMeasures),
  limit: z.int(),
  /** Leased to gateways in the running minute, or calls that gateways may have in flight. */
  leased: z.int(),
  createdAt: instantSchema,
});

const limit = z.int().min(0).max(1_000_000_000_000);

const budgetTag = "Budgets";
const rateLimitTag = "Rate limits";
const scopeQuery = pageQuery.extend({
  scopeType: z.enum(quotaScopeTypes).optional(),
  scopeId: z.string().max(200).optional(),
});

export const budgetOperations = {
  list: defineOperation({
    id: "listBudgets",
    method: "GET",
    path: "/api/budgets",
    tag: budgetTag,
    summary: "Budgets with what is used, held and left",
    access: "member",
    query: scopeQuery,
    response: pageOf(budgetSchema),
  }),
  create: defineOperation({
    id: "createBudget",
    method: "POST",
    path: "/api/budgets",
    tag: budgetTag,
    summary: "Set a budget",
    access: financeAndAdministrators,
    body: createBudgetBody,
    response: budgetSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getBudget",
    method: "GET",
    path: "/api/budgets/:id",
    tag: budgetTag,
    summary: "One budget",
    access: "member",
    params: idParams,
    response: budgetSchema,
  }),
  update: defineOperation({
    id: "updateBudget",
    method: "PATCH",
    path: "/api/budgets/:id",
    tag: budgetTag,
    summary: "Change a budget; scope, period and zone stay, make a new one for those",
    access: financeAndAdministrators,
    params: idParams,
    body: z.strictObject(budgetSettings).partial(),
    response: budgetSchema,
  }),
  raise: defineOperation({
    id: "raiseBudget",
    method: "PUT",
    path: "/api/budgets/:id/raise",
    tag: budgetTag,
    summary: "Add to a budget's limit until an instant, in place of any raise before; it ends by itself",
    access: financeAndAdministrators,
    params: idParams,
    body: z.strictObject({
      amountUsd: nonNegativeUsdSchema,
      until: instantSchema,
      note: z.string().trim().min(1).max(500),
    }),
    response: budgetSchema,
  }),
  endRaise: defineOperation({
    id: "endBudgetRaise",
    method: "DELETE",
    path: "/api/budgets/:id/raise",
    tag: budgetTag,
    summary: "End a raise before its time",
    access: financeAndAdministrators,
    params: idParams,
    response: budgetSchema,
  }),
  outlook: defineOperation({
    id: "getBudgetOutlook",
    method: "GET",
    path: "/api/budgets/outlook",
    tag: budgetTag,
    summary: "Where each budget stands among the others, and what its scope has spent a day lately",
    access: "member",
    response: z.strictObject({ items: z.array(budgetOutlookSchema) }),
  }),
  members: defineOperation({
    id: "listBudgetMembers",
    method: "GET",
    path: "/api/budgets/:id/members",
    tag: budgetTag,
    summary: "Users or sessions that used most of a budget for each of them in the running window, at most 100",
    access: "member",
    params: idParams,
    response: z.strictObject({ items: z.array(budgetMemberSchema), memberCount: z.int() }),
  }),
  archive: defineOperation({
    id: "archiveBudget",
    method: "DELETE",
    path: "/api/budgets/:id",
    tag: budgetTag,
    summary: "Lift a budget; its history stays",
    access: financeAndAdministrators,
    params: idParams,
  }),
};

export const rateLimitOperations = {
  list: defineOperation({
    id: "listRateLimits",
    method: "GET",
    path: "/api/rate-limits",
    tag: rateLimitTag,
    summary: "Rate limits",
    access: "member",
    query: scopeQuery,
    response: pageOf(rateLimitSchema),
  }),
  create: defineOperation({
    id: "createRateLimit",
    method: "POST",
    path: "/api/rate-limits",
    tag: rateLimitTag,
    summary: "Set a rate limit",
    access: financeAndAdministrators,
    body: z.strictObject({ name: nameSchema, scope: scopeSchema, measure: z.enum(rateLimitMeasures), limit }),
    response: rateLimitSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getRateLimit",
    method: "GET",
    path: "/api/rate-limits/:id",
    tag: rateLimitTag,
    summary: "One rate limit",
    access: "member",
    params: idParams,
    response: rateLimitSchema,
  }),
  update: defineOperation({
    id: "updateRateLimit",
    method: "PATCH",
    path: "/api/rate-limits/:id",
    tag: rateLimitTag,
    summary: "Change a rate limit's name or limit",
    access: financeAndAdministrators,
    params: idParams,
    body: z.strictObject({ name: nameSchema, limit }).partial(),
    response: rateLimitSchema,
  }),
  archive: defineOperation({
    id: "archiveRateLimit",
    method: "DELETE",
    path: "/api/rate-limits/:id",
    tag: rateLimitTag,
    summary: "Lift a rate limit",
    access: financeAndAdministrators,
    params: idParams,
  }),
};

export type Budget = z.infer<typeof budgetSchema>;
export type BudgetOutlook = z.infer<typeof budgetOutlookSchema>;
export type BudgetMember = z.infer<typeof budgetMemberSchema>;
export type RateLimit = z.infer<typeof rateLimitSchema>;
export type Scope = z.infer<typeof scopeSchema>;
