import { z } from "zod";

/** The first member whose conditions hold, and no other: where that one cannot answer, nothing of this group does. */
export const firstMatchConfigSchema = z.strictObject({ type: z.literal("first_match") });
