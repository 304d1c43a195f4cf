import { probeOutcomes } from "@switchyard/policy-engine/health/probe";
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { idSchema, instantSchema } from "./primitives.ts";

const quantiles = z.strictObject({ p50: z.number(), p99: z.number() }).nullable();

export const targetHealthSchema = z.strictObject({
  connectionId: idSchema,
  connectionName: z.string(),
  providerKind: z.string(),
  connectionRegion: z.string().nullable(),
  drained: z.boolean(),
  modelId: idSchema,
  modelName: z.string(),
  /** Of the gateways that saw this; null where they were told none. */
  gatewayRegion: z.string().nullable(),
  /** Of the last five minutes, failed ones included. */
  calls: z.int(),
  /** By class, most frequent first. */
  failures: z.array(z.strictObject({ failureClass: z.string(), count: z.int() })),
  /** Of streams, in milliseconds; recent ones count most. */
  firstTokenMs: quantiles,
  /** Of answers that came whole, in milliseconds. */
  wholeAnswerMs: quantiles,
  gateways: z.array(
    z.strictObject({ gatewayId: z.string(), circuit: z.enum(["closed", "open", "half_open", "on_trial"]) }),
  ),
  lastCallAt: instantSchema,
  /** What the last probe of the connection found, whichever gateway asked; null where none did. */
  lastProbe: z.strictObject({ outcome: z.enum(probeOutcomes), at: instantSchema }).nullable(),
});

export const healthMapOperations = {
  get: defineOperation({
    id: "getHealthMap",
    method: "GET",
    path: "/api/health-map",
    tag: "System",
    summary: "How providers do by model and region, as the gateways that report in see it",
    access: "member",
    response: z.strictObject({ targets: z.array(targetHealthSchema) }),
  }),
};

export type TargetHealth = z.infer<typeof targetHealthSchema>;
