/** A route as policy: what clients ask for, who may, and among which targets the strategy chooses. */
import { z } from "zod";
import { strategySchema } from "../strategies/registry.ts";

const id = z.string().min(1).max(64);

export const targetSchema = z.strictObject({
  targetId: id,
  connectionId: id,
  modelId: id,
  /** Relative share; whole numbers so that a split is exact and shows without rounding. */
  weight: z.int().min(0).max(1_000_000),
  enabled: z.boolean(),
});

export const routeTimeoutsSchema = z.strictObject({
  connectMs: z.int().min(50).max(60_000),
  firstByteMs: z.int().min(100).max(600_000),
  idleMs: z.int().min(100).max(600_000),
  totalMs: z.int().min(100).max(3_600_000),
});

export const responseCacheSchema = z.strictObject({
  enabled: z.boolean(),
  ttlSeconds: z.int().min(1).max(2_592_000),
});

/** The name clients send as `model`. */
export const routeNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,119}$/);

export const routeSchema = z.strictObject({
  routeId: id,
  name: routeNameSchema,
  enabled: z.boolean(),
  strategy: strategySchema,
  targets: z.array(targetSchema).min(1).max(100),
  /** Routes tried, in order, when no target of this one can answer. */
  fallbackRouteIds: z.array(id).max(10),
  /** Projects that may call it; null means every project. */
  allowedProjectIds: z.array(id).max(1000).nullable(),
  maxAttempts: z.int().min(1).max(5),
  timeouts: routeTimeoutsSchema,
  responseCache: responseCacheSchema,
});

export type Route = z.infer<typeof routeSchema>;
export type Target = z.infer<typeof targetSchema>;
export type RouteTimeouts = z.infer<typeof routeTimeoutsSchema>;

export const defaultRouteTimeouts: RouteTimeouts = {
  connectMs: 3_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  totalMs: 600_000,
};
