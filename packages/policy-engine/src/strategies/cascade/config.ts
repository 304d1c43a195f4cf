import { z } from "zod";

/** Cheap first: each member is a tier, and the next one is asked where a tier's answer is not good enough. */
export const cascadeConfigSchema = z.strictObject({
  type: z.literal("cascade"),
  /** A refusal leads to the next tier. It may be right: a route that says so accepts that another model answers. */
  refusals: z.boolean(),
  /** Answers with a lower mean log-probability of their tokens lead on, where the provider tells it; absent: not judged. */
  meanLogprobAtLeast: z.number().min(-20).max(0).optional(),
  /** Shorter answers lead on; absent: not judged. */
  charactersAtLeast: z.int().min(1).max(100_000).optional(),
});

export type CascadeConfig = z.infer<typeof cascadeConfigSchema>;
