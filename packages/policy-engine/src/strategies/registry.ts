/** Every strategy a route may use. A new one is a folder beside this file and a line in each list here. */
import { z } from "zod";
import { weightedConfigSchema } from "./weighted/config.ts";

export const strategySchema = z.discriminatedUnion("type", [weightedConfigSchema]);

export type Strategy = z.infer<typeof strategySchema>;
