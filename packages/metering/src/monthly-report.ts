/** What a monthly report of a team says: made by the worker, read by the control plane, kept as it is. */
import { z } from "zod";

/** Changes when the meaning of a field does. */
export const monthlyReportSchemaVersion = "switchyard-monthly-report/1";

/** The steps in which a report is made; progress is counted in them. */
export const monthlyReportParts = ["spend", "history", "calls", "cache", "budgets"] as const;

const amount = z.string().regex(/^-?\d{1,39}$/, "a whole number of pico-USD");
const count = z.int().min(0);

const sumsSchema = z.strictObject({
  costPicoUsd: amount,
  requests: count,
  errors: count,
  refusals: count,
  cacheHits: count,
  /** Of all token meters; a count that may pass what a JSON number holds. */
  tokens: z.string().regex(/^\d{1,39}$/),
});

const spenderSchema = z.strictObject({
  /** Null: calls that named none. */
  id: z.string().nullable(),
  name: z.string(),
  costPicoUsd: amount,
});

/** The dearest, and the rest as one line: together they are the month's total. */
const rankingSchema = z.strictObject({
  top: z.array(spenderSchema),
  others: z.strictObject({ count, costPicoUsd: amount }),
});

export const monthlyReportContentSchema = z.strictObject({
  schemaVersion: z.literal(monthlyReportSchemaVersion),
  teamName: z.string(),
  totals: sumsSchema,
  /** The month before, as far into it as this report reaches into its own where that is not over. */
  previous: sumsSchema,
  /** Spend by day of the month, in the report's time zone. */
  days: z.array(z.strictObject({ day: z.iso.date(), costPicoUsd: amount })),
  projects: rankingSchema,
  models: rankingSchema,
  virtualKeys: rankingSchema,
  users: rankingSchema,
  /** What answers from the cache would have cost; null where the calls are not kept any more. */
  cacheSavedPicoUsd: amount.nullable(),
  budgets: z.array(
    z.strictObject({
      name: z.string(),
      scopeType: z.string(),
      windowStart: z.iso.datetime(),
      /** Null: without an end. */
      windowEnd: z.iso.datetime().nullable(),
      usedPicoUsd: amount,
      limitPicoUsd: amount,
      /** The highest of its thresholds that was passed. */
      passedPct: z.int().nullable(),
    }),
  ),
  /** Days on which spend departed from the team's own history, and days on which a week of growth began. */
  anomalies: z.array(
    z.strictObject({
      day: z.iso.date(),
      kind: z.enum(["spike", "growth"]),
      actualPicoUsd: amount,
      usualPicoUsd: amount,
    }),
  ),
});

export type MonthlyReportContent = z.infer<typeof monthlyReportContentSchema>;
export type MonthlyReportSums = z.infer<typeof sumsSchema>;
export type MonthlyReportRanking = z.infer<typeof rankingSchema>;
export type MonthlyReportSpender = z.infer<typeof spenderSchema>;
