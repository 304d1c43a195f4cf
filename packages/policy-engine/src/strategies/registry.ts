/** Every strategy a route may use. A new one is a folder beside this file, a line in the list and one in the switch. */
import { z } from "zod";
import { cheapestConfigSchema } from "./cheapest/config.ts";
import { orderByCost } from "./cheapest/order-targets.ts";
import { fastestConfigSchema } from "./fastest/config.ts";
import { orderBySpeed } from "./fastest/order-targets.ts";
import { priorityConfigSchema } from "./priority/config.ts";
import { orderByPriority } from "./priority/order-targets.ts";
import type { OrderingInput, TargetOrder } from "./strategy.ts";
import { weightedConfigSchema } from "./weighted/config.ts";
import { orderByWeight } from "./weighted/order-targets.ts";

export const strategySchema = z.discriminatedUnion("type", [
  weightedConfigSchema,
  priorityConfigSchema,
  cheapestConfigSchema,
  fastestConfigSchema,
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
  }
}
