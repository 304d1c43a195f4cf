import {
  groupSchema,
  requirementsSchema,
  noResilience,
  resilienceSchema,
  responseCacheSchema,
  routeNameSchema,
  routeTimeoutsSchema,
  shadowSchema,
} from "@switchyard/policy-engine/policy/route";
import { validationSchema } from "@switchyard/policy-engine/validation/answer-rules";
import { strategySchema } from "@switchyard/policy-engine/strategies/registry";
import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema, nonNegativeUsdSchema, pageOf, pageQuery } from "./primitives.ts";

export const routeTargetSchema = z.strictObject({
  id: idSchema,
  connectionId: idSchema,
  connectionName: z.string(),
  modelId: idSchema,
  providerModel: z.string(),
  weight: z.int().min(0),
  enabled: z.boolean(),
  /** Share of the traffic in millionths of the whole, as the weights give it. */
  shareMillionths: z.int(),
  /** The group that it is a member of; null: the route itself. */
  groupId: idSchema.nullable(),
});

/** What the route asks of its targets, whatever its strategy would choose. */
export const routeGuardsSchema = z.strictObject({
  /** What one attempt may cost at most; null: no ceiling. */
  mostCostUsd: nonNegativeUsdSchema.nullable(),
  /** How much of the first choice's cost a later one may cost at most; null: any. */
  mostPercentOfFirst: z.int().min(100).max(100_000).nullable().default(null),
  /** What a target's connection has to promise; what it does not say, it does not promise. */
  requires: requirementsSchema,
});

export const routeSchema = z.strictObject({
  id: idSchema,
  name: routeNameSchema,
  enabled: z.boolean(),
  strategy: strategySchema,
  targets: z.array(routeTargetSchema),
  groups: z.array(groupSchema),
  guards: routeGuardsSchema,
  fallbackRouteIds: z.array(idSchema),
  allowedProjectIds: z.array(idSchema).nullable(),
  maxAttempts: z.int(),
  timeouts: routeTimeoutsSchema,
  responseCache: responseCacheSchema,
  resilience: resilienceSchema,
  /** What is done about answers that are no good; null: they are passed on as they come. */
  validation: validationSchema.nullable(),
  /** A target that gets a copy of some calls, whose answers nobody sees; null: there is none. */
  shadow: shadowSchema.nullable(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});

export const routeBody = z.strictObject({
  name: routeNameSchema,
  enabled: z.boolean().default(true),
  strategy: strategySchema.default({ type: "weighted" }),
  targets: z
    .array(
      z.strictObject({
        connectionId: idSchema,
        modelId: idSchema,
        weight: z.int().min(0).max(1_000_000),
        enabled: z.boolean().default(true),
        groupId: idSchema.nullable().default(null),
      }),
    )
    .min(1)
    .max(100),
  groups: z.array(groupSchema).max(50).default([]),
  guards: routeGuardsSchema.default({ mostCostUsd: null, mostPercentOfFirst: null, requires: {} }),
  fallbackRouteIds: z.array(idSchema).max(10).default([]),
  allowedProjectIds: z.array(idSchema).max(1000).nullable().default(null),
  maxAttempts: z.int().min(1).max(5).default(3),
  timeouts: routeTimeoutsSchema.optional(),
  responseCache: responseCacheSchema.default({ enabled: false, ttlSeconds: 300 }),
  resilience: resilienceSchema.default(noResilience),
  validation: validationSchema.nullable().default(null),
  shadow: shadowSchema.nullable().default(null),
});

export const replaceRouteBody = routeBody.extend({
  /** `updatedAt` of the state that was edited; a newer one is answered with 409 `stale_edit`. */
  expectedUpdatedAt: instantSchema.optional(),
});

const tag = "Routes";

export const routeOperations = {
  list: defineOperation({
    id: "listRoutes",
    method: "GET",
    path: "/api/routes",
    tag,
    summary: "Routes, by name",
    access: "member",
    query: pageQuery,
    response: pageOf(routeSchema),
  }),
  create: defineOperation({
    id: "createRoute",
    method: "POST",
    path: "/api/routes",
    tag,
    summary: "Create a route and publish it",
    access: administrators,
    body: routeBody,
    response: routeSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getRoute",
    method: "GET",
    path: "/api/routes/:id",
    tag,
    summary: "One route",
    access: "member",
    params: idParams,
    response: routeSchema,
  }),
  replace: defineOperation({
    id: "replaceRoute",
    method: "PUT",
    path: "/api/routes/:id",
    tag,
    summary: "Replace a route's policy and publish it",
    access: administrators,
    params: idParams,
    body: replaceRouteBody,
    response: routeSchema,
  }),
  remove: defineOperation({
    id: "removeRoute",
    method: "DELETE",
    path: "/api/routes/:id",
    tag,
    summary: "Remove a route that no other route falls back to",
    access: administrators,
    params: idParams,
  }),
};

export type Route = z.infer<typeof routeSchema>;
export type RouteBody = z.input<typeof routeBody>;
