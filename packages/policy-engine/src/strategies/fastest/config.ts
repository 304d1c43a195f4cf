import { z } from "zod";

/** The faster of two drawn targets, by the median of what their recent calls took; the next faster ones are its fallbacks. */
export const fastestConfigSchema = z.strictObject({
  type: z.literal("fastest"),
  /** Of the calls, while there are targets of which too little is known: the share that goes to one of those. */
  explorePercent: z.int().min(1).max(50),
});

export type FastestConfig = z.infer<typeof fastestConfigSchema>;
