/** Every strategy a route may use. A new one is a folder beside this file, a line in the list and one in the switch. */
import { z } from "zod";
import { adaptiveConfigSchema } from "./adaptive/config.ts";
import { orderByOutcome } from "./adaptive/order-targets.ts";
import { canaryConfigSchema } from "./canary/config.ts";
import { orderByCanary } from "./canary/order-targets.ts";
import { cascadeConfigSchema } from "./cascade/config.ts";
import { orderByTier } from "./cascade/order-targets.ts";
import { cheapestConfigSchema } from "./cheapest/config.ts";
import { orderByCost } from "./cheapest/order-targets.ts";
import { complexityConfigSchema } from "./complexity/config.ts";
import { orderByComplexity } from "./complexity/order-targets.ts";
import { experimentConfigSchema } from "./experiment/config.ts";
import { orderByVariant } from "./experiment/order-targets.ts";
import { fastestConfigSchema } from "./fastest/config.ts";
import { orderBySpeed } from "./fastest/order-targets.ts";
import { firstMatchConfigSchema } from "./first-match/config.ts";
import { orderByFirstMatch } from "./first-match/order-targets.ts";
import { priorityConfigSchema } from "./priority/config.ts";
import { orderByPriority } from "./priority/order-targets.ts";
import { stickyConfigSchema } from "./sticky/config.ts";
import { orderBySession } from "./sticky/order-targets.ts";
import type { OrderingInput, TargetOrder } from "./strategy.ts";
import { weightedConfigSchema } from "./weighted/config.ts";
import { orderByWeight } from "./weighted/order-targets.ts";

export const strategySchema = z.discriminatedUnion("type", [
  weightedConfigSchema,
  priorityConfigSchema,
  cheapestConfigSchema,
  fastestConfigSchema,
  stickyConfigSchema,
  experimentConfigSchema,
  canaryConfigSchema,
  firstMatchConfigSchema,
  cascadeConfigSchema,
  complexityConfigSchema,
  adaptiveConfigSchema,
]);

export type Strategy = z.infer<typeof strategySchema>;

/** Orders targets as the strategy says. */
export function orderTargets(strategy: Strategy, input: OrderingInput): TargetOrder {
  switch (strategy.type) {
    case "weighted":
      return orderByWeight(input);
    case "priority":
      return orderByPriority(input);
    case "cheapest":
      return orderByCost(input, strategy);
    case "fastest":
      return orderBySpeed(input, strategy);
    case "sticky":
      return orderBySession(input, strategy);
    case "experiment":
      return orderByVariant(input, strategy);
    case "canary":
      return orderByCanary(input, strategy);
    case "cascade":
      return orderByTier(input, strategy);
    case "complexity":
      return orderByComplexity(input, strategy);
    case "adaptive":
      return orderByOutcome(input, strategy);
    case "first_match":
      return orderByFirstMatch(input);
  }
}

/** Strategies that go by weights: with none above zero they would never choose. */
export function goesByWeight({ type }: Strategy): boolean {
  return type === "weighted" || type === "sticky" || type === "experiment";
}

/** Strategies that look no further than the first member that a call is meant for. */
export function stopsAtFirstMatch({ type }: Strategy): boolean {
  return type === "first_match";
}

/** Strategies that must know what the prompt asks for. */
export function goesByTask({ type }: Strategy): boolean {
  return type === "complexity" || type === "adaptive";
}
