import { z } from "zod";

const percent = z.int().min(0).max(100);

/** A share of the calls for the last member, the canary; all others go to the members before it, in order. */
export const canaryConfigSchema = z.strictObject({
  type: z.literal("canary"),
  percent,
  /** Moves the share evenly to `percent` between two instants (epoch ms); absent: it stays where it is. */
  ramp: z.strictObject({ fromMs: z.int().min(0), toMs: z.int().min(0), percent }).optional(),
});

export type CanaryConfig = z.infer<typeof canaryConfigSchema>;
