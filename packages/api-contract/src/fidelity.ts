import { z } from "zod";
import { administrators, defineOperation } from "./operation.ts";
import { idParams, idSchema, instantSchema } from "./primitives.ts";

const verdictSchema = z.enum(["identical", "equivalent", "different"]);

const findingSchema = z.strictObject({
  verdict: z.enum(["identical", "equivalent", "different", "unobserved"]),
  differences: z.array(
    z.strictObject({
      /** JSON pointer, or `status`, `path`, `header NAME`. */
      pointer: z.string(),
      /** What came by way of the gateway, as JSON; null where nothing is there. */
      ours: z.string().nullable(),
      theirs: z.string().nullable(),
      /** Null for a difference that nobody has accounted for. */
      reason: z.string().nullable(),
    }),
  ),
});

export const fidelityCaseSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  request: findingSchema,
  passage: findingSchema,
  answer: findingSchema,
  verdict: verdictSchema,
});

export const fidelityRunSchema = z.strictObject({
  id: idSchema,
  routeName: z.string(),
  connectionName: z.string(),
  model: z.string(),
  protocol: z.string(),
  state: z.enum(["running", "done", "failed"]),
  /** Why a run failed, in our own words. */
  message: z.string().nullable(),
  caseCount: z.int(),
  cases: z.array(fidelityCaseSchema),
  /** The worst of its cases; null until it is done. */
  verdict: verdictSchema.nullable(),
  startedAt: instantSchema,
  startedBy: z.string(),
});

const tag = "Fidelity";

export const fidelityOperations = {
  list: defineOperation({
    id: "listFidelityRuns",
    method: "GET",
    path: "/api/fidelity-runs",
    tag,
    summary: "The last runs of this process, newest first",
    access: "member",
    response: z.strictObject({ items: z.array(fidelityRunSchema) }),
  }),
  start: defineOperation({
    id: "startFidelityRun",
    method: "POST",
    path: "/api/fidelity-runs",
    tag,
    summary: "Send a suite of calls directly and through a route with one target, and compare; issues a key for it",
    access: administrators,
    body: z.strictObject({
      routeId: idSchema,
      /** Who pays for the calls through the gateway. */
      projectId: idSchema,
    }),
    response: fidelityRunSchema,
    status: 201,
  }),
  get: defineOperation({
    id: "getFidelityRun",
    method: "GET",
    path: "/api/fidelity-runs/:id",
    tag,
    summary: "One run, with the cases that are done",
    access: "member",
    params: idParams,
    response: fidelityRunSchema,
  }),
};

export type FidelityRun = z.infer<typeof fidelityRunSchema>;
export type FidelityCase = z.infer<typeof fidelityCaseSchema>;
