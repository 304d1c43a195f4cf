import { z } from "zod";

/** Weighted choice: each target gets its share of requests; the rest follow in the same manner as fallbacks. */
export const weightedConfigSchema = z.strictObject({ type: z.literal("weighted") });
