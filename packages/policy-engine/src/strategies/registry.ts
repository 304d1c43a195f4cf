/** Every strategy a route may use. A new one is a folder beside this file and a line in each list here. */
import { z } from "zod";
import type { OrderTargets } from "./strategy.ts";
import { weightedConfigSchema } from "./weighted/config.ts";
import { orderByWeight } from "./weighted/order-targets.ts";

export const strategySchema = z.discriminatedUnion("type", [weightedConfigSchema]);

export type Strategy = z.infer<typeof strategySchema>;

export const orderTargetsBy: { readonly [type in Strategy["type"]]: OrderTargets } = {
  weighted: orderByWeight,
};
