import { z } from "zod";

/** The target with the lowest expected cost for the call at hand; the next dearer ones are its fallbacks. */
export const cheapestConfigSchema = z.strictObject({
  type: z.literal("cheapest"),
  /** How long an answer usually is; a call that allows fewer tokens is expected to use those. */
  expectedOutputTokens: z.int().min(1).max(1_000_000),
});

export type CheapestConfig = z.infer<typeof cheapestConfigSchema>;
