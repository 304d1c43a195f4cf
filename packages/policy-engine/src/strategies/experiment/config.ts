import { z } from "zod";

/** An A/B test: each user, session or key is in one variant for as long as the weights stay, in proportion to them. */
export const experimentConfigSchema = z.strictObject({
  type: z.literal("experiment"),
  /** Another name assigns everybody anew. */
  name: z.string().min(1).max(60),
  assignBy: z.enum(["user", "session", "virtual_key"]),
});

export type ExperimentConfig = z.infer<typeof experimentConfigSchema>;
