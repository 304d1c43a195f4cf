/** Our figures beside the providers', what nobody has priced yet, and the closing of months. */
import { residualCauses } from "@switchyard/metering/statements/residual-causes";
import { statementFormats } from "@switchyard/metering/statements/statement-line";
import { z } from "zod";
import { defineOperation, financeAndAdministrators } from "./operation.ts";
import { idSchema, instantSchema, usdSchema } from "./primitives.ts";

const day = z.iso.date();
const column = z.string().min(1).max(200);

export const statementSchema = z.strictObject({
  id: idSchema,
  connectionId: idSchema,
  connectionName: z.string(),
  format: z.enum(statementFormats),
  firstDay: day,
  lastDay: day,
  lines: z.int(),
  /** Null where the file has usage only. */
  sumUsd: usdSchema.nullable(),
  sha256: z.hex().length(64),
  importedBy: z.string(),
  importedAt: instantSchema,
});

const figures = {
  /** Null where nothing is told. */
  costUsd: usdSchema.nullable(),
  tokens: z.string().nullable(),
  requests: z.string().nullable(),
};

export const reconciliationRowSchema = z.strictObject({
  day,
  connectionId: idSchema,
  connectionName: z.string(),
  /** As our catalogue spells it where it knows the model; null for a line that names none. */
  model: z.string().nullable(),
  ours: z
    .strictObject({ ...figures, costUsd: usdSchema, uncertainUsd: usdSchema, unpricedAttempts: z.int() })
    .nullable(),
  theirs: z.strictObject(figures).nullable(),
  /** Theirs less ours; null where the statement tells no cost. */
  residualUsd: usdSchema.nullable(),
  cause: z.enum(residualCauses),
});

export const unpricedSchema = z.strictObject({
  connectionId: idSchema,
  connectionName: z.string(),
  modelId: idSchema,
  model: z.string(),
  attempts: z.int(),
  tokens: z.string(),
  firstAt: instantSchema,
  lastAt: instantSchema,
});

export const closedPeriodSchema = z.strictObject({
  /** "2026-10" */
  month: z.string(),
  entries: z.int(),
  spendUsd: usdSchema,
  closedBy: z.string(),
  closedAt: instantSchema,
});

const tag = "Reconciliation";
const range = { from: day, to: day };

export const reconciliationOperations = {
  compare: defineOperation({
    id: "getReconciliation",
    method: "GET",
    path: "/api/reconciliation",
    tag,
    summary: "Day, connection and model: our cost, the provider's, what is left and why",
    access: "member",
    query: z.strictObject({ ...range, connectionId: idSchema.optional() }),
    response: z.strictObject({
      rows: z.array(reconciliationRowSchema),
      totals: z.strictObject({ oursUsd: usdSchema, theirsUsd: usdSchema, residualUsd: usdSchema }),
    }),
  }),
  unpriced: defineOperation({
    id: "listUnpricedUsage",
    method: "GET",
    path: "/api/reconciliation/unpriced",
    tag,
    summary: "Usage of models that had no price when they were called",
    access: "member",
    query: z.strictObject(range),
    response: z.strictObject({ items: z.array(unpricedSchema) }),
  }),
  statements: defineOperation({
    id: "listProviderStatements",
    method: "GET",
    path: "/api/reconciliation/statements",
    tag,
    summary: "The newest two hundred imported files",
    access: "member",
    response: z.strictObject({ items: z.array(statementSchema) }),
  }),
  importStatement: defineOperation({
    id: "importProviderStatement",
    method: "POST",
    path: "/api/reconciliation/statements",
    tag,
    summary: "Import what a provider says it charged; for the days it covers it replaces earlier files",
    access: financeAndAdministrators,
    body: z.strictObject({
      connectionId: idSchema,
      format: z.enum(statementFormats),
      content: z.string().min(1).max(900_000),
      /** For CSV only: which column holds what. */
      mapping: z
        .strictObject({
          day: column,
          model: column.optional(),
          cost: column.optional(),
          tokens: z.array(column).min(1).max(10).optional(),
          requests: column.optional(),
        })
        .optional(),
    }),
    response: statementSchema,
    status: 201,
  }),
  periods: defineOperation({
    id: "listClosedPeriods",
    method: "GET",
    path: "/api/reconciliation/periods",
    tag,
    summary: "Closed months, newest first",
    access: "member",
    response: z.strictObject({
      items: z.array(closedPeriodSchema),
      /** The latest month that is over and not closed; null when there is none. */
      closable: z.string().nullable(),
    }),
  }),
  closePeriod: defineOperation({
    id: "closePeriod",
    method: "POST",
    path: "/api/reconciliation/periods",
    tag,
    summary: "Close a month and all before it, for good; what comes later counts in the month it is recorded in",
    access: financeAndAdministrators,
    body: z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "a month like 2026-10") }),
    response: closedPeriodSchema,
    status: 201,
  }),
};

export type ReconciliationRow = z.infer<typeof reconciliationRowSchema>;
export type ProviderStatement = z.infer<typeof statementSchema>;
export type UnpricedUsage = z.infer<typeof unpricedSchema>;
export type ClosedPeriod = z.infer<typeof closedPeriodSchema>;
