import { z } from "zod";
import { meters } from "./meters.ts";

/** A non-negative integer of pico-USD as a decimal string, at most 18 digits ($1,000,000 a unit). */
export const unitPriceSchema = z.string().regex(/^\d{1,18}$/, "a whole, non-negative number of pico-USD");

/** Minutes since midnight UTC, end exclusive; `endMinute` below `startMinute` wraps past midnight. */
export const timeWindowSchema = z.strictObject({
  startMinute: z.int().min(0).max(1439),
  endMinute: z.int().min(0).max(1440),
});

/** One unit price, with the conditions under which it applies; a line with more conditions met wins. */
export const priceLineSchema = z.strictObject({
  meter: z.enum(meters),
  unitPricePicoUsd: unitPriceSchema,
  /** Context tier: applies when the call's input tokens (all input meters) are above this count. */
  aboveInputTokens: z.int().min(0).optional(),
  timeWindow: timeWindowSchema.optional(),
  serviceTier: z.string().min(1).max(40).optional(),
});

/**
 * One immutable version of a model's price list, optionally for one connection only. No lines and not `free` means
 * unpriced: such a model is refused where a hard budget applies, never billed as zero.
 */
export const priceVersionSchema = z
  .strictObject({
    priceVersionId: z.string().min(1),
    connectionId: z.string().min(1).nullable(),
    effectiveFromMs: z.int().min(0),
    free: z.boolean(),
    lines: z.array(priceLineSchema).max(200),
  })
  .refine((version) => !version.free || version.lines.length === 0, {
    message: "a free price version has no price lines",
    path: ["lines"],
  });

export type PriceLine = z.infer<typeof priceLineSchema>;
export type PriceVersion = z.infer<typeof priceVersionSchema>;
