import { z } from "zod";

/** The faster of two drawn targets, by a percentile of what their recent calls took; the next faster ones are its fallbacks. */
export const fastestConfigSchema = z.strictObject({
  type: z.literal("fastest"),
  /** Of the calls, while there are targets of which too little is known: the share that goes to one of those. */
  explorePercent: z.int().min(1).max(50),
  /** What targets are compared by: 50 for the usual answer, 99 for the late ones. Absent: 50. */
  percentile: z.literal([50, 99]).optional(),
});

export type FastestConfig = z.infer<typeof fastestConfigSchema>;
