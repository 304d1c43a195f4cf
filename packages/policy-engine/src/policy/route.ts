/** A route as policy: what clients ask for, who may, and among which targets the strategy chooses. */
import { z } from "zod";
import { conditionSchema } from "../conditions/condition.ts";
import { outlierEjectionSchema } from "../health/outlier-ejection.ts";
import { afterFailureSchema } from "../resilience/after-failure.ts";
import { strategySchema } from "../strategies/registry.ts";
import { validationSchema } from "../validation/answer-rules.ts";

const id = z.string().min(1).max(64);

/** What a connection has to promise. What it does not say, it does not promise. */
export const requirementsSchema = z.strictObject({
  /** Any of these; absent: wherever it is. */
  regions: z.array(z.string().min(1).max(60)).min(1).max(50).optional(),
  jurisdictions: z.array(z.string().min(1).max(60)).min(1).max(50).optional(),
  /** The region that the gateway itself runs in. */
  ownRegion: z.boolean().optional(),
  zeroRetention: z.boolean().optional(),
  noTraining: z.boolean().optional(),
});

export const targetSchema = z.strictObject({
  targetId: id,
  connectionId: id,
  modelId: id,
  /** Relative share; whole numbers so that a split is exact and shows without rounding. */
  weight: z.int().min(0).max(1_000_000),
  enabled: z.boolean(),
  /** The group that it is a member of; absent: the route itself. */
  groupId: id.optional(),
});

/**
 * Some members of a route, targets or further groups, with a strategy of their own. Among the members around it a group
 * stands where the first of its targets stands.
 */
export const groupSchema = z.strictObject({
  groupId: id,
  name: z.string().min(1).max(60),
  /** The group around it; absent: the route itself. */
  parentGroupId: id.optional(),
  weight: z.int().min(0).max(1_000_000),
  enabled: z.boolean(),
  strategy: strategySchema,
  /** Which calls it is for; absent: every call. */
  when: conditionSchema.optional(),
});

export const guardsSchema = z.strictObject({
  /** Pico-USD that one attempt may cost at most, as a decimal string. */
  mostCostPicoUsd: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  /** How many times as much as the first choice a later attempt may cost, in hundredths: 150 is half as much again. */
  mostPercentOfFirst: z.int().min(100).max(100_000).optional(),
  /** What a connection has to promise before a call may go there. */
  requires: requirementsSchema.optional(),
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

const objectiveMs = z.int().min(10).max(600_000).nullable();

/** What a route does about targets that are late, full or broken. */
export const resilienceSchema = z.strictObject({
  /**
   * A target whose answers come later than this is left alone for a while, as if it had failed: streams are judged by
   * their first token, other answers by their end. Null: lateness alone says nothing.
   */
  latencyObjective: z.strictObject({ firstTokenMs: objectiveMs, wholeAnswerMs: objectiveMs }),
  /** A second attempt beside one whose first token is late; the first to answer wins. */
  hedging: z.strictObject({
    enabled: z.boolean(),
    /** Of this route's calls, by the minute. Hedges are paid for. */
    mostPercentOfCalls: z.int().min(1).max(20),
  }),
  /** How a call waits for room in what a provider allows, before it goes to the next target. Absent: it does not wait. */
  providerLimits: z
    .strictObject({
      waitAtMostMs: z.int().min(0).max(30_000),
      /** Calls of one gateway process that may wait at the same time; more go on at once. */
      waitingAtMost: z.int().min(1).max(10_000),
    })
    .optional(),
  /** What may follow a failure, by the kind of trouble. Absent: as usual for each. */
  afterFailure: afterFailureSchema.optional(),
  /** When a target that does worse than its peers in the same group is left out for a while. Absent: never. */
  outlierEjection: outlierEjectionSchema.optional(),
});

export const noResilience: z.infer<typeof resilienceSchema> = {
  latencyObjective: { firstTokenMs: null, wholeAnswerMs: null },
  hedging: { enabled: false, mostPercentOfCalls: 5 },
};

/** A target that is tried out on real calls: it gets a copy of some of them, and nobody sees its answers. */
export const shadowSchema = z.strictObject({
  connectionId: id,
  modelId: id,
  percent: z.int().min(1).max(100),
  /** Only calls whose first choice is in this group; absent: all calls of the route. */
  groupId: id.optional(),
});

/** The name clients send as `model`. */
export const routeNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,119}$/);

export const routeSchema = z.strictObject({
  routeId: id,
  name: routeNameSchema,
  enabled: z.boolean(),
  strategy: strategySchema,
  targets: z.array(targetSchema).min(1).max(100),
  /** Absent: a plain route, of which every target is a member. */
  groups: z.array(groupSchema).max(50).optional(),
  guards: guardsSchema.optional(),
  /** Routes tried, in order, when no target of this one can answer. */
  fallbackRouteIds: z.array(id).max(10),
  /** Projects that may call it; null means every project. */
  allowedProjectIds: z.array(id).max(1000).nullable(),
  maxAttempts: z.int().min(1).max(5),
  timeouts: routeTimeoutsSchema,
  responseCache: responseCacheSchema,
  /** Absent in revisions from before there was such a thing, and where nothing was set. */
  resilience: resilienceSchema.optional(),
  /** Absent: answers are passed on as they come. */
  validation: validationSchema.optional(),
  /** Absent: no call is copied. */
  shadow: shadowSchema.optional(),
});

export type Route = z.infer<typeof routeSchema>;
export type Target = z.infer<typeof targetSchema>;
export type RouteGroup = z.infer<typeof groupSchema>;
export type RouteShadow = z.infer<typeof shadowSchema>;
export type RouteGuards = z.infer<typeof guardsSchema>;
export type Requirements = z.infer<typeof requirementsSchema>;
export type RouteResilience = z.infer<typeof resilienceSchema>;
export type RouteTimeouts = z.infer<typeof routeTimeoutsSchema>;

export const defaultRouteTimeouts: RouteTimeouts = {
  connectMs: 3_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  totalMs: 600_000,
};
