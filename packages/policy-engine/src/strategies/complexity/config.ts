import { z } from "zod";

/** Tiers by how hard a call is: the first member gets the easiest, the last one the hardest. */
export const complexityConfigSchema = z.strictObject({
  type: z.literal("complexity"),
  /** Where one tier ends and the next begins, from 0 to 1, rising; one fewer than there are members. */
  boundaries: z.array(z.number().min(0).max(1)).min(1).max(20),
  /** Who gets a call that nobody can say anything of. */
  whenUnsure: z.enum(["easiest", "hardest"]),
});

export type ComplexityConfig = z.infer<typeof complexityConfigSchema>;
