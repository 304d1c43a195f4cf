import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema, usdSchema } from "./primitives.ts";

const countSchema = z.int().min(0);

/** What came of attempts at tasks of one kind on one target. */
export const targetOutcomesSchema = z.strictObject({
  /** `unknown` where it could not be told, or no strategy of the route asks. */
  taskClass: z.string(),
  connectionId: idSchema,
  /** Null where it is gone. */
  connectionName: z.string().nullable(),
  modelId: idSchema,
  modelName: z.string().nullable(),
  attempts: countSchema,
  /** Answers that came and could be judged: successes, refused and invalid ones together. */
  answers: countSchema,
  /** Passed their checks, were not refused, and got no score below 0. */
  successes: countSchema,
  refused: countSchema,
  invalid: countSchema,
  meanAnswerMs: z.number().nullable(),
  costUsd: usdSchema,
  ratings: countSchema,
  /** From -1 to 1. */
  meanScore: z.number().nullable(),
});

export const routeOutcomesSchema = z.strictObject({
  from: instantSchema,
  to: instantSchema,
  /** Calls that a provider was asked for. */
  calls: countSchema,
  successes: countSchema,
  /** What all attempts cost, those of failed calls included. */
  costUsd: usdSchema,
  /** Null without a success. */
  costPerSuccessUsd: usdSchema.nullable(),
  /** At 95 %, by Fieller's method; null where the calls are too few to say. */
  costPerSuccessInterval: z.strictObject({ lowUsd: usdSchema, highUsd: usdSchema }).nullable(),
  /** Calls that a higher tier of a cascade was asked for, and those that it made a success of. */
  escalated: countSchema,
  rescued: countSchema,
  targets: z.array(targetOutcomesSchema),
});

export const routeOutcomeOperations = {
  get: defineOperation({
    id: "getRouteOutcomes",
    method: "GET",
    path: "/api/routes/:id/outcomes",
    tag: "Routes",
    summary: "What a success cost on a route, what higher tiers rescued, and how each target did at each kind of task",
    access: "member",
    params: idParams,
    query: z.strictObject({ from: instantSchema, to: instantSchema }),
    response: routeOutcomesSchema,
  }),
};

export type RouteOutcomes = z.infer<typeof routeOutcomesSchema>;
export type TargetOutcomes = z.infer<typeof targetOutcomesSchema>;
