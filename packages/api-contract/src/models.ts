import { meters } from "@switchyard/metering/meters";
import { timeWindowSchema } from "@switchyard/metering/price-version";
import { modelCapabilitiesSchema } from "@switchyard/policy-engine/policy/policy-revision";
import { z } from "zod";
import { administrators, defineOperation, financeAndAdministrators } from "./operation.ts";
import { idParams, idSchema, instantSchema, nonNegativeUsdSchema, pageOf, pageQuery } from "./primitives.ts";

/** `usd` for `per` units: {"meter": "input", "usd": "2.50", "per": 1000000} is $2.50 a million tokens. */
export const priceLineSchema = z.strictObject({
  meter: z.enum(meters),
  usd: nonNegativeUsdSchema,
  per: z.union([z.literal(1), z.literal(1_000), z.literal(1_000_000)]),
  aboveInputTokens: z.int().min(0).optional(),
  timeWindow: timeWindowSchema.optional(),
  serviceTier: z.string().min(1).max(40).optional(),
});

export const priceVersionSchema = z.strictObject({
  id: idSchema,
  connectionId: idSchema.nullable(),
  connectionName: z.string().nullable(),
  effectiveFrom: instantSchema,
  free: z.boolean(),
  source: z.string(),
  note: z.string().nullable(),
  createdBy: z.string(),
  createdAt: instantSchema,
  lines: z.array(priceLineSchema),
});

export const pricingStates = ["priced", "free", "unpriced"] as const;

export const modelSchema = z.strictObject({
  id: idSchema,
  providerKind: z.string(),
  providerModel: z.string(),
  displayName: z.string(),
  contextWindow: z.int().nullable(),
  maxOutputTokens: z.int().nullable(),
  capabilities: modelCapabilitiesSchema,
  source: z.enum(["catalogue", "custom"]),
  pricing: z.enum(pricingStates),
  /** The general version in force now; null when unpriced. */
  currentPrice: priceVersionSchema.nullable(),
  routeCount: z.int(),
  createdAt: instantSchema,
});

export const modelDetailSchema = modelSchema.extend({ prices: z.array(priceVersionSchema) });

export const createPriceBody = z.strictObject({
  connectionId: idSchema.nullable().default(null),
  /** Now when left out; must not lie in the past of an existing version. */
  effectiveFrom: instantSchema.optional(),
  free: z.boolean().default(false),
  note: z.string().max(500).nullable().default(null),
  lines: z.array(priceLineSchema).max(200).default([]),
});

const settings = {
  displayName: z.string().trim().min(1).max(200),
  contextWindow: z.int().min(1).nullable(),
  maxOutputTokens: z.int().min(1).nullable(),
  capabilities: modelCapabilitiesSchema,
};

export const createModelBody = z.strictObject({
  providerKind: z.string().min(1).max(60),
  providerModel: z.string().trim().min(1).max(200),
  displayName: settings.displayName.optional(),
  contextWindow: settings.contextWindow.default(null),
  maxOutputTokens: settings.maxOutputTokens.default(null),
  capabilities: settings.capabilities.optional(),
  /** The first price version; a model without one is unpriced and refused where a hard budget applies. */
  price: createPriceBody.optional(),
});

const tag = "Models and prices";

export const modelOperations = {
  list: defineOperation({
    id: "listModels",
    method: "GET",
    path: "/api/models",
    tag,
    summary: "The model catalogue",
    access: "member",
    query: pageQuery.extend({
      search: z.string().max(120).optional(),
      providerKind: z.string().max(60).optional(),
      pricing: z.enum(pricingStates).optional(),
      inUse: z.stringbool().optional(),
    }),
    response: pageOf(modelSchema),
  }),
  create: defineOperation({
    id: "createModel",
    method: "POST",
    path: "/api/models",
    tag,
    summary: "Add a model that the catalogue does not have",
    access: administrators,
    body: createModelBody,
    response: modelDetailSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getModel",
    method: "GET",
    path: "/api/models/:id",
    tag,
    summary: "One model with every price version, newest first",
    access: "member",
    params: idParams,
    response: modelDetailSchema,
  }),
  update: defineOperation({
    id: "updateModel",
    method: "PATCH",
    path: "/api/models/:id",
    tag,
    summary: "Change what is known of a model",
    access: administrators,
    params: idParams,
    body: z.strictObject(settings).partial(),
    response: modelDetailSchema,
  }),
  archive: defineOperation({
    id: "archiveModel",
    method: "DELETE",
    path: "/api/models/:id",
    tag,
    summary: "Archive a model that no route uses",
    access: administrators,
    params: idParams,
  }),
  addPrice: defineOperation({
    id: "addPriceVersion",
    method: "POST",
    path: "/api/models/:id/prices",
    tag,
    summary: "Add a price version; earlier versions stay as they were",
    access: financeAndAdministrators,
    params: idParams,
    body: createPriceBody,
    response: modelDetailSchema,
    status: 201,
  }),
};

export type Model = z.infer<typeof modelSchema>;
export type ModelDetail = z.infer<typeof modelDetailSchema>;
export type PriceVersion = z.infer<typeof priceVersionSchema>;
export type PriceLine = z.infer<typeof priceLineSchema>;
