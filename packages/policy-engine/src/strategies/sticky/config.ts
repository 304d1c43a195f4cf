import { z } from "zod";

/** The same target for everything of one session, user or key, so that a provider's prompt cache is met again. */
export const stickyConfigSchema = z.strictObject({
  type: z.literal("sticky"),
  by: z.enum(["session", "user", "virtual_key"]),
});

export type StickyConfig = z.infer<typeof stickyConfigSchema>;
