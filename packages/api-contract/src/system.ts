import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema, pageOf, pageQuery, usdSchema } from "./primitives.ts";

export const systemSchema = z.strictObject({
  version: z.string(),
  policyRevision: z.int(),
  gateways: z.array(
    z.strictObject({
      gatewayId: z.string(),
      region: z.string().nullable(),
      startedAt: instantSchema,
      heartbeatAt: instantSchema,
      isLive: z.boolean(),
      policyRevision: z.int().nullable(),
      /** Why it refused the newest revision and keeps an older one; null when all is well. */
      policyProblem: z.strictObject({ revision: z.int(), message: z.string() }).nullable(),
    }),
  ),
  queues: z.array(
    z.strictObject({
      queue: z.string(),
      /** Due now, and not begun. */
      waiting: z.int(),
      /** Due later: what repeats, and what is tried again. */
      scheduled: z.int(),
      active: z.int(),
      failed: z.int(),
    }),
  ),
  /** Days (UTC) that are over, whose roll-ups the worker compares in turn with the rows that they sum. */
  rollUps: z.strictObject({
    daysChecked: z.int(),
    /** When the newest and the oldest of these checks were made. */
    lastCheckedAt: instantSchema.nullable(),
    allCheckedSince: instantSchema.nullable(),
    /** Days that differed when they were looked at last, newest first. */
    differing: z.array(
      z.strictObject({
        day: z.iso.date(),
        checkedAt: instantSchema,
        differences: z.array(z.strictObject({ rollUp: z.string(), differing: z.int(), repaired: z.boolean() })),
      }),
    ),
  }),
  lastIngestedAt: instantSchema.nullable(),
  databaseBytes: z.string(),
});

export const budgetAlertSchema = z.strictObject({
  id: idSchema,
  budgetId: idSchema,
  budgetName: z.string(),
  thresholdPct: z.int(),
  usedUsd: usdSchema,
  limitUsd: usdSchema,
  createdAt: instantSchema,
  deliveredAt: instantSchema.nullable(),
  deliveryError: z.string().nullable(),
});

export const alertWebhookSchema = z.strictObject({
  id: idSchema,
  url: z.string(),
  enabled: z.boolean(),
  createdAt: instantSchema,
});

const alertsTag = "Alerts";

export const systemOperations = {
  get: defineOperation({
    id: "getSystem",
    method: "GET",
    path: "/api/system",
    tag: "System",
    summary: "Gateways, queues and what runs where",
    access: "member",
    response: systemSchema,
  }),
};

export const alertOperations = {
  list: defineOperation({
    id: "listBudgetAlerts",
    method: "GET",
    path: "/api/budget-alerts",
    tag: alertsTag,
    summary: "Budgets that passed a threshold, newest first",
    access: "member",
    query: pageQuery,
    response: pageOf(budgetAlertSchema),
  }),
  webhooks: defineOperation({
    id: "listAlertWebhooks",
    method: "GET",
    path: "/api/alert-webhooks",
    tag: alertsTag,
    summary: "Where alerts are posted",
    access: "member",
    response: z.strictObject({ items: z.array(alertWebhookSchema) }),
  }),
  addWebhook: defineOperation({
    id: "addAlertWebhook",
    method: "POST",
    path: "/api/alert-webhooks",
    tag: alertsTag,
    summary: "Post alerts to a URL; the signing secret is shown once",
    access: administrators,
    body: z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(500) }),
    response: z.strictObject({ webhook: alertWebhookSchema, signingSecret: z.string() }),
    status: 201,
  }),
  removeWebhook: defineOperation({
    id: "removeAlertWebhook",
    method: "DELETE",
    path: "/api/alert-webhooks/:id",
    tag: alertsTag,
    summary: "Stop posting alerts to a URL",
    access: administrators,
    params: idParams,
  }),
};

export type System = z.infer<typeof systemSchema>;
export type BudgetAlert = z.infer<typeof budgetAlertSchema>;
export type AlertWebhook = z.infer<typeof alertWebhookSchema>;
