import { meters } from "@switchyard/metering/meters";
import { timeWindowSchema } from "@switchyard/metering/price-version";
import { z } from "zod";
import { defineOperation, financeAndAdministrators } from "./operation.ts";
import { usdSchema } from "./primitives.ts";

const modelName = { providerKind: z.string().min(1).max(60), providerModel: z.string().min(1).max(200) };

export const catalogueChangeSchema = z.strictObject({
  ...modelName,
  kind: z.enum(["new", "changed"]),
  /** A state that changed, a line that came or went, or a price more than 20 % up or down. */
  needsApproval: z.boolean(),
  lines: z.array(
    z.strictObject({
      meter: z.enum(meters),
      aboveInputTokens: z.int().optional(),
      timeWindow: timeWindowSchema.optional(),
      serviceTier: z.string().optional(),
      /** For one unit; null where the list has no such line. */
      beforeUsd: usdSchema.nullable(),
      afterUsd: usdSchema.nullable(),
      changePercent: z.number().nullable(),
    }),
  ),
});

export type CatalogueChange = z.infer<typeof catalogueChangeSchema>;

const tag = "Models and prices";
const path = "/api/catalogue-changes";

export const catalogueChangeOperations = {
  list: defineOperation({
    id: "listCatalogueChanges",
    method: "GET",
    path,
    tag,
    summary: "What the price list of this release would change; prices that an admin set are left alone",
    access: "member",
    response: z.strictObject({ source: z.string(), items: z.array(catalogueChangeSchema) }),
  }),
  apply: defineOperation({
    id: "applyCatalogueChanges",
    method: "POST",
    path,
    tag,
    summary: "Take over changes that were looked at, as new price versions from now on",
    access: financeAndAdministrators,
    body: z.strictObject({
      models: z.array(z.strictObject(modelName)).min(1).max(2_000),
      /** Without it, a change that needs approval refuses the whole call. */
      approved: z.boolean().default(false),
    }),
    response: z.strictObject({ added: z.int(), repriced: z.int() }),
    status: 201,
  }),
};
