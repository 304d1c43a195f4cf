import { feeMeter, meters } from "@switchyard/metering/meters";
import { z } from "zod";
import { defineOperation, roles } from "./operation.ts";
import { idSchema, instantSchema, pageOf, pageQuery, usdSchema } from "./primitives.ts";

const dimension = z.string().max(200).optional();

export const requestFilters = {
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  teamId: idSchema.optional(),
  projectId: idSchema.optional(),
  virtualKeyId: idSchema.optional(),
  routeId: idSchema.optional(),
  connectionId: idSchema.optional(),
  modelId: idSchema.optional(),
  user: dimension,
  session: dimension,
  tag: dimension,
};

export const requestSummarySchema = z.strictObject({
  requestId: z.string(),
  startedAt: instantSchema,
  operation: z.string(),
  teamName: z.string(),
  projectName: z.string(),
  keyName: z.string(),
  user: z.string().nullable(),
  session: z.string().nullable(),
  tags: z.array(z.string()),
  requestedModel: z.string(),
  routeName: z.string().nullable(),
  connectionName: z.string().nullable(),
  providerModel: z.string().nullable(),
  stream: z.boolean(),
  status: z.int(),
  errorCode: z.string().nullable(),
  verdict: z.string().nullable(),
  cache: z.enum(["hit", "miss", "bypass"]),
  attempts: z.int(),
  costUsd: usdSchema,
  timeToFirstTokenMs: z.number().nullable(),
  durationMs: z.number(),
  gatewayOverheadMs: z.number(),
});

export const receiptLineSchema = z.strictObject({
  meter: z.enum([...meters, feeMeter]),
  quantity: z.int(),
  unitPriceUsd: usdSchema,
  amountUsd: usdSchema,
});

export const receiptAttemptSchema = z.strictObject({
  attemptId: z.string(),
  attemptNumber: z.int(),
  role: z.string(),
  connectionName: z.string(),
  providerModel: z.string(),
  startedAt: instantSchema,
  durationMs: z.number(),
  timeToFirstTokenMs: z.number().nullable(),
  verdict: z.string(),
  failureClass: z.string().nullable(),
  upstreamStatus: z.int().nullable(),
  usageSource: z.string(),
  priceVersionId: z.string().nullable(),
  /** What such a call usually costs, as estimated when it was admitted. */
  expectedUsd: usdSchema.nullable(),
  heldUsd: usdSchema,
  costUsd: usdSchema,
  correctedUsd: usdSchema,
  lines: z.array(receiptLineSchema),
  budgets: z.array(z.strictObject({ id: z.string(), name: z.string(), heldUsd: usdSchema, chargedUsd: usdSchema })),
});

export const receiptSchema = requestSummarySchema.extend({
  policyRevision: z.int(),
  requestBytes: z.int(),
  responseBytes: z.int(),
  /** What a remembered answer cost when it was first given. */
  savedUsd: usdSchema,
  warnings: z.array(z.string()),
  because: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  attemptDetails: z.array(receiptAttemptSchema),
});

const roleSchema = z.enum(roles);

/** Why a call was refused, what of that still stands, and who can do something about it. */
export const refusalSchema = z.strictObject({
  requestId: z.string(),
  at: instantSchema,
  status: z.int(),
  errorCode: z.string().nullable(),
  teamName: z.string(),
  projectName: z.string(),
  keyName: z.string(),
  user: z.string().nullable(),
  session: z.string().nullable(),
  routeName: z.string().nullable(),
  because: z.array(z.string()),
  /** The budget or limit that refused it; null where another rule did. */
  quota: z
    .strictObject({
      id: z.string(),
      /** What it is called now. */
      name: z.string(),
      kind: z.enum(["budget", "rate_limit"]),
      /** For a counter of one user or session: the budget that each of them has. */
      budgetId: z.string(),
      unit: z.enum(["pico_usd", "requests", "tokens", "concurrent_requests"]),
      why: z.enum(["exhausted", "unavailable"]),
      /** At that moment, as the process knew it: dollars for a budget, else a count. */
      atRefusal: z.strictObject({
        limit: z.string(),
        remaining: z.string(),
        needed: z.string(),
        resetsAt: instantSchema.nullable(),
      }),
      /** Null where it has been lifted since. */
      now: z.strictObject({ limit: z.string(), remaining: z.string(), wouldFit: z.boolean() }).nullable(),
    })
    .nullable(),
  mayChange: z.array(z.strictObject({ name: z.string(), email: z.string(), role: roleSchema })),
});

const tag = "Requests";

export const requestOperations = {
  list: defineOperation({
    id: "listRequests",
    method: "GET",
    path: "/api/requests",
    tag,
    summary: "Requests, newest first",
    access: "member",
    query: pageQuery.extend({
      ...requestFilters,
      outcome: z.enum(["succeeded", "failed", "refused"]).optional(),
      status: z.coerce.number().int().optional(),
      cache: z.enum(["hit", "miss", "bypass"]).optional(),
    }),
    response: pageOf(requestSummarySchema),
  }),
  get: defineOperation({
    id: "getRequest",
    method: "GET",
    path: "/api/requests/:requestId",
    tag,
    summary: "One request with its receipt and the reasons of its decision",
    access: "member",
    params: z.strictObject({ requestId: z.uuid() }),
    response: receiptSchema,
  }),
  refusal: defineOperation({
    id: "getRefusal",
    method: "GET",
    path: "/api/requests/:requestId/refusal",
    tag,
    summary: "Why a call was refused: which budget or limit, its state then and now, and who may change it",
    access: "member",
    params: z.strictObject({ requestId: z.uuid() }),
    response: refusalSchema,
  }),
};

export type RequestSummary = z.infer<typeof requestSummarySchema>;
export type Refusal = z.infer<typeof refusalSchema>;
export type Receipt = z.infer<typeof receiptSchema>;
