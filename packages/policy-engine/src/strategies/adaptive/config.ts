import { z } from "zod";

/** The target whose successes are expected to cost least at tasks of the call's kind, learned from what came of earlier ones. */
export const adaptiveConfigSchema = z.strictObject({
  type: z.literal("adaptive"),
  /** Of the calls, as many may try what is not known to be best. */
  explorePercent: z.int().min(1).max(50),
  /** A target that surely succeeds less often, in percent of the tasks of a kind, is left alone for that kind. */
  successPercentAtLeast: z.int().min(0).max(99),
});

export type AdaptiveConfig = z.infer<typeof adaptiveConfigSchema>;
