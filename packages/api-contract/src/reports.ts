import { z } from "zod";
import { defineOperation, financeAndAdministrators } from "./operation.ts";
import { idSchema, instantSchema, usdSchema } from "./primitives.ts";
import { requestFilters } from "./requests.ts";

export const costDimensions = [
  "team",
  "project",
  "virtual_key",
  "user",
  "tag",
  "route",
  "connection",
  "provider",
  "model",
  "meter",
] as const;

const range = { from: instantSchema, to: instantSchema };
const { session: _session, from: _from, to: _to, ...costFilters } = requestFilters;

const costQuery = z.strictObject({
  ...range,
  ...costFilters,
  /** Up to three dimensions, comma-separated, outermost first. */
  groupBy: z
    .string()
    .default("team")
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(costDimensions)).min(1).max(3)),
});

export const exportFormats = ["csv", "jsonl", "parquet", "focus-1.2", "focus-1.4"] as const;

const exportParams = z.strictObject({ format: z.enum(exportFormats) });
const exportQuery = z.strictObject({ ...range, ...costFilters });
/** A name that the client gives a download, to ask for the manifest of that very file afterwards. */
const namedExportQuery = exportQuery.extend({ download: z.string().min(1).max(64).optional() });

/** What a file holds: the download that was named, or one of the same format, range and filters at this moment. */
export const exportManifestSchema = z.strictObject({
  format: z.enum(exportFormats),
  /** Of the columns or fields; changes when their meaning does. */
  schemaVersion: z.string(),
  fileName: z.string(),
  /** The whole hours that the file covers; the end is exclusive. */
  from: instantSchema,
  to: instantSchema,
  /** Without the header. */
  rows: z.int(),
  bytes: z.int(),
  /** Of all rows; the spend of the ledger for this range and these filters. */
  sumUsd: usdSchema,
  sha256: z.hex().length(64),
  generatedAt: instantSchema,
  /** Everything that happened before this instant is in the figures. */
  completeUntil: instantSchema.nullable(),
});

export const costCellSchema = z.strictObject({
  /** One entry a dimension of `groupBy`; null where the call had no such value. */
  keys: z.array(z.strictObject({ id: z.string().nullable(), name: z.string() })),
  costUsd: usdSchema,
  /** Null where `groupBy` has the meter: one call uses several, so calls cannot be counted by it. */
  requests: z.int().nullable(),
  tokens: z.string(),
  /** The same sum over the period of equal length before, when `compare` asks for it. */
  previousCostUsd: usdSchema.nullable(),
});

export const costReportSchema = z.strictObject({
  from: instantSchema,
  to: instantSchema,
  rows: z.array(costCellSchema),
  /** Sum of the ledger over the period; with tags a request counts under each of its tags, so rows may add up to more. */
  totalUsd: usdSchema,
  previousTotalUsd: usdSchema.nullable(),
  /** Everything that happened before this instant is in the figures. */
  completeUntil: instantSchema.nullable(),
});

export const overviewPointSchema = z.strictObject({
  at: instantSchema,
  requests: z.int(),
  errors: z.int(),
  refusals: z.int(),
  cacheHits: z.int(),
  cacheLookups: z.int(),
  costUsd: usdSchema,
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  firstTokenP50Ms: z.number().nullable(),
  firstTokenP99Ms: z.number().nullable(),
});

export const overviewSchema = z.strictObject({
  from: instantSchema,
  to: instantSchema,
  stepSeconds: z.int(),
  totals: overviewPointSchema.omit({ at: true }),
  previousTotals: overviewPointSchema.omit({ at: true }).nullable(),
  points: z.array(overviewPointSchema),
  /** The same totals split by route or provider, largest first. */
  breakdown: z.array(overviewPointSchema.omit({ at: true }).extend({ id: z.string().nullable(), name: z.string() })),
  completeUntil: instantSchema.nullable(),
});

export const teamCostReportSchema = z.strictObject({
  teamId: idSchema,
  teamName: z.string(),
  day: z.iso.date(),
  costUsd: usdSchema,
  requests: z.int(),
  byModel: z.array(z.strictObject({ model: z.string(), costUsd: usdSchema, requests: z.int() })),
  compiledAt: instantSchema,
});

export const ledgerSummarySchema = z.strictObject({
  from: instantSchema,
  to: instantSchema,
  holds: z.int(),
  settles: z.int(),
  voids: z.int(),
  overruns: z.int(),
  corrections: z.int(),
  /** Attempts whose cost is an estimate or the hold itself, waiting for a correction. */
  uncertain: z.int(),
  settledUsd: usdSchema,
  overrunUsd: usdSchema,
  /** What the gateway's own fees came to; the rest is the providers'. */
  feesUsd: usdSchema,
  correctedUsd: usdSchema,
  /** settled + overrun + fees + corrected: what every report and export adds up to. */
  spendUsd: usdSchema,
});

export const uncertainAttemptSchema = z.strictObject({
  attemptId: z.uuid(),
  requestId: z.uuid(),
  startedAt: instantSchema,
  connectionName: z.string(),
  providerModel: z.string(),
  usageSource: z.string(),
  costUsd: usdSchema,
});

/** Estimates from a team's own history, for the running month (UTC). */
export const teamOutlookSchema = z.strictObject({
  teamId: idSchema,
  teamName: z.string(),
  monthToDateUsd: usdSchema,
  /** Spend at the end of the month; null with less than a week of history. Low and high: the cheapest and the dearest of its last four weeks. */
  forecast: z.strictObject({ expectedUsd: usdSchema, lowUsd: usdSchema, highUsd: usdSchema }).nullable(),
  /** How yesterday (`spike`) or the last seven days (`growth`) depart from the weeks before; null when they do not. */
  anomaly: z.strictObject({ kind: z.enum(["spike", "growth"]), actualUsd: usdSchema, usualUsd: usdSchema }).nullable(),
});

const tag = "Reports";

export const reportOperations = {
  overview: defineOperation({
    id: "getOverview",
    method: "GET",
    path: "/api/reports/overview",
    tag,
    summary: "Volume, spend, latency, errors, cache hits and refusals over time",
    access: "member",
    query: z.strictObject({
      ...range,
      teamId: idSchema.optional(),
      projectId: idSchema.optional(),
      routeId: idSchema.optional(),
      connectionId: idSchema.optional(),
      breakdown: z.enum(["route", "provider"]).default("route"),
      compare: z.stringbool().default(false),
    }),
    response: overviewSchema,
  }),
  cost: defineOperation({
    id: "getCostReport",
    method: "GET",
    path: "/api/reports/cost",
    tag,
    summary: "Spend pivoted by up to three dimensions",
    access: "member",
    query: costQuery.extend({ compare: z.stringbool().default(false) }),
    response: costReportSchema,
  }),
  costCsv: defineOperation({
    id: "exportCostCsv",
    method: "GET",
    path: "/api/reports/cost.csv",
    tag,
    summary: "The ledger's spend as CSV: one row per hour, dimensions and meter; its sum is the sum of the ledger",
    access: "member",
    query: exportQuery,
    produces: "text/csv",
  }),
  export: defineOperation({
    id: "exportSpend",
    method: "GET",
    path: "/api/reports/exports/:format",
    tag,
    summary:
      "The ledger's spend as a file: CSV, JSON lines (application/x-ndjson), Parquet, or FOCUS 1.2 or 1.4 as CSV",
    access: "member",
    params: exportParams,
    query: namedExportQuery,
    produces: "*/*",
  }),
  exportManifest: defineOperation({
    id: "getExportManifest",
    method: "GET",
    path: "/api/reports/exports/:format/manifest",
    tag,
    summary: "Row count, exact sum and SHA-256 of a download that was named, or of the export as it is now",
    access: "member",
    params: exportParams,
    query: namedExportQuery,
    response: exportManifestSchema,
  }),
  exportSize: defineOperation({
    id: "getExportSize",
    method: "GET",
    path: "/api/reports/exports/:format/size",
    tag,
    summary:
      "How many rows an export has, without writing it, of a long one about how many; FOCUS files may have some more",
    access: "member",
    params: exportParams,
    query: exportQuery,
    response: z.strictObject({ rows: z.int() }),
  }),
  teams: defineOperation({
    id: "listTeamCostReports",
    method: "GET",
    path: "/api/reports/teams",
    tag,
    summary: "The daily cost report of each team, as the worker compiled it",
    access: "member",
    query: z.strictObject({ ...range, teamId: idSchema.optional() }),
    response: z.strictObject({ items: z.array(teamCostReportSchema) }),
  }),
  outlook: defineOperation({
    id: "getSpendOutlook",
    method: "GET",
    path: "/api/reports/outlook",
    tag,
    summary: "Where each team's month is heading, and whose spend departs from its own history",
    access: "member",
    response: z.strictObject({
      monthStart: instantSchema,
      monthEnd: instantSchema,
      /** Teams that spent anything of late, anomalies first, then by forecast. */
      items: z.array(teamOutlookSchema),
      completeUntil: instantSchema.nullable(),
    }),
  }),
  ledger: defineOperation({
    id: "getLedgerSummary",
    method: "GET",
    path: "/api/reports/ledger",
    tag,
    summary: "What the ledger holds for a period",
    access: "member",
    query: z.strictObject({ ...range, virtualKeyId: idSchema.optional(), connectionId: idSchema.optional() }),
    response: ledgerSummarySchema,
  }),
  uncertain: defineOperation({
    id: "listUncertainAttempts",
    method: "GET",
    path: "/api/reports/ledger/uncertain",
    tag,
    summary: "Attempts that were settled at an estimate or at their hold",
    access: "member",
    query: z.strictObject({ ...range, limit: z.coerce.number().int().min(1).max(1000).default(200) }),
    response: z.strictObject({ items: z.array(uncertainAttemptSchema) }),
  }),
  correct: defineOperation({
    id: "recordCorrections",
    method: "POST",
    path: "/api/reports/ledger/corrections",
    tag,
    summary: "Correct attempts to what the provider billed; adds entries, never edits one",
    access: financeAndAdministrators,
    body: z.strictObject({
      corrections: z
        .array(
          z.strictObject({
            attemptId: z.uuid(),
            /** What the attempt truly cost. */
            costUsd: usdSchema,
            note: z.string().trim().min(1).max(500),
          }),
        )
        .min(1)
        .max(1000),
    }),
    response: z.strictObject({ recorded: z.int(), unchanged: z.int(), unknown: z.array(z.uuid()) }),
    status: 201,
  }),
};

export type Overview = z.infer<typeof overviewSchema>;
export type OverviewPoint = z.infer<typeof overviewPointSchema>;
export type CostReport = z.infer<typeof costReportSchema>;
export type CostDimension = (typeof costDimensions)[number];
export type ExportFormat = (typeof exportFormats)[number];
export type ExportManifest = z.infer<typeof exportManifestSchema>;
export type TeamOutlook = z.infer<typeof teamOutlookSchema>;
