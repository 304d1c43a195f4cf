/** What each team's month came to: made by the worker, kept as it was made. */
import { z } from "zod";
import { defineOperation, financeAndAdministrators } from "./operation.ts";
import { idParams, idSchema, instantSchema, pageOf, pageQuery, timeZoneSchema, usdSchema } from "./primitives.ts";

const monthSchema = z.string().regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/, "a month, for example 2026-05");

export const monthlyReportSchema = z.strictObject({
  id: idSchema,
  teamId: idSchema,
  teamName: z.string(),
  month: monthSchema,
  version: z.int(),
  /** Made because the month was over, because somebody asked, or because the month's sum had changed. */
  reason: z.enum(["scheduled", "asked", "changed"]),
  requestedBy: z.string().nullable(),
  requestedAt: instantSchema,
  timeZone: z.string(),
  /** Whole hours; the end is exclusive, and before the month's own where that was not over. */
  startsAt: instantSchema,
  endsAt: instantSchema,
  isWhole: z.boolean(),
  state: z.enum(["waiting", "running", "done", "failed"]),
  /** While it is made. */
  partsDone: z.int(),
  parts: z.int(),
  problem: z.string().nullable(),
  totalUsd: usdSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  deliveredAt: instantSchema.nullable(),
  deliveryProblem: z.string().nullable(),
});

const sums = z.strictObject({
  costUsd: usdSchema,
  requests: z.int(),
  errors: z.int(),
  refusals: z.int(),
  cacheHits: z.int(),
  tokens: z.string(),
});

const ranking = z.strictObject({
  top: z.array(z.strictObject({ id: z.string().nullable(), name: z.string(), costUsd: usdSchema })),
  /** All that are not in `top`: with it the ranking adds up to the total. */
  others: z.strictObject({ count: z.int(), costUsd: usdSchema }),
});

export const monthlyReportContentSchema = z.strictObject({
  schemaVersion: z.string(),
  teamName: z.string(),
  totals: sums,
  /** The month before; of a month that was not over, as much of the month before. */
  previous: sums,
  days: z.array(z.strictObject({ day: z.iso.date(), costUsd: usdSchema })),
  projects: ranking,
  models: ranking,
  virtualKeys: ranking,
  users: ranking,
  /** What answers from the cache would have cost; null where the calls were not kept any more. */
  cacheSavedUsd: usdSchema.nullable(),
  budgets: z.array(
    z.strictObject({
      name: z.string(),
      scopeType: z.string(),
      windowStart: instantSchema,
      windowEnd: instantSchema.nullable(),
      usedUsd: usdSchema,
      limitUsd: usdSchema,
      passedPct: z.int().nullable(),
    }),
  ),
  anomalies: z.array(
    z.strictObject({ day: z.iso.date(), kind: z.enum(["spike", "growth"]), actualUsd: usdSchema, usualUsd: usdSchema }),
  ),
});

export const reportScheduleSchema = z.strictObject({
  /** Whether reports are made by themselves, an hour into the first of a month. */
  enabled: z.boolean(),
  timeZone: timeZoneSchema,
  /** Who is sent each report that is made by itself, through the operator's mail server. */
  mailTo: z.array(z.email().max(254)).max(50),
  /** Whether it is told to the webhooks that alerts go to. */
  postsToWebhooks: z.boolean(),
});

const tag = "Reports";

export const monthlyReportOperations = {
  list: defineOperation({
    id: "listMonthlyReports",
    method: "GET",
    path: "/api/reports/monthly",
    tag,
    summary: "Monthly reports of teams in all their versions, newest first",
    access: "member",
    query: pageQuery.extend({ teamId: idSchema.optional(), month: monthSchema.optional() }),
    response: pageOf(monthlyReportSchema),
  }),
  make: defineOperation({
    id: "makeMonthlyReport",
    method: "POST",
    path: "/api/reports/monthly",
    tag,
    summary: "Have a team's month made now, as its next version; answers the one that is being made where there is one",
    access: financeAndAdministrators,
    body: z.strictObject({ teamId: idSchema, month: monthSchema }),
    response: monthlyReportSchema,
    status: 201,
  }),
  schedule: defineOperation({
    id: "getReportSchedule",
    method: "GET",
    path: "/api/reports/monthly-schedule",
    tag,
    summary: "When monthly reports are made, and who is sent them",
    access: "member",
    response: reportScheduleSchema,
  }),
  setSchedule: defineOperation({
    id: "setReportSchedule",
    method: "PUT",
    path: "/api/reports/monthly-schedule",
    tag,
    summary: "Change when monthly reports are made, and who is sent them",
    access: financeAndAdministrators,
    body: reportScheduleSchema,
    response: reportScheduleSchema,
  }),
  get: defineOperation({
    id: "getMonthlyReport",
    method: "GET",
    path: "/api/reports/monthly/:id",
    tag,
    summary: "One version of a report, with what it says once it is made",
    access: "member",
    params: idParams,
    response: monthlyReportSchema.extend({ content: monthlyReportContentSchema.nullable() }),
  }),
  csv: defineOperation({
    id: "exportMonthlyReportCsv",
    method: "GET",
    path: "/api/reports/monthly/:id/csv",
    tag,
    summary: "The same as CSV: one row a figure, the amounts of each section adding up to the total",
    access: "member",
    params: idParams,
    produces: "text/csv",
  }),
  retry: defineOperation({
    id: "retryMonthlyReport",
    method: "POST",
    path: "/api/reports/monthly/:id/retry",
    tag,
    summary: "Have a report made that could not be made",
    access: financeAndAdministrators,
    params: idParams,
    response: monthlyReportSchema,
  }),
};

export type MonthlyReport = z.infer<typeof monthlyReportSchema>;
export type MonthlyReportDetail = z.infer<typeof monthlyReportOperations.get.response>;
export type MonthlyReportContent = z.infer<typeof monthlyReportContentSchema>;
export type ReportSchedule = z.infer<typeof reportScheduleSchema>;
