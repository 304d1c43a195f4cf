import { z } from "zod";

/** Always the first target that can serve the call; the others, in the route's order, are its fallbacks. */
export const priorityConfigSchema = z.strictObject({ type: z.literal("priority") });
