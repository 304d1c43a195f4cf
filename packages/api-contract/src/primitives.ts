/** Field types that every resource uses, and the shape of lists and errors. */
import { parsePicoUsd, parseUsd } from "@switchyard/metering/pico-usd";
import { z } from "zod";

export const idSchema = z.string().min(1).max(64);
export const nameSchema = z.string().trim().min(1).max(120);
export const instantSchema = z.iso.datetime({ offset: true }).meta({ description: "ISO 8601 instant" });

function isUsd(text: string): boolean {
  try {
    parseUsd(text);
    return true;
  } catch {
    return false;
  }
}

/** Exact amounts travel as decimal strings of dollars; never a JSON number. */
export const usdSchema = z
  .string()
  .max(41)
  .refine(isUsd, "an exact decimal amount of US dollars with at most 12 fraction digits, as a string")
  .meta({ description: "Exact US dollars as a decimal string, at most 12 fraction digits", examples: ["12.50"] });

export const nonNegativeUsdSchema = usdSchema.refine((text) => !isUsd(text) || parseUsd(text) >= parsePicoUsd("0"), {
  message: "must not be negative",
});

export const timeZoneSchema = z
  .string()
  .max(60)
  .refine((zone) => {
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  }, "an IANA time zone, for example Europe/Berlin");

export const idParams = z.strictObject({ id: idSchema });

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** A keyset page: pass `nextCursor` back as `cursor`; null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** What every failed call answers; `code` is stable and listed in docs/errors.md. */
export const apiErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    /** Where the request is wrong, one entry a fault, for example `targets[0].weight`. */
    problems: z.array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  }),
});

/** The revision that a change of policy produced, answered in this header by every mutation that makes one. */
export const policyRevisionHeader = "x-switchyard-policy-revision";

export type ApiError = z.infer<typeof apiErrorSchema>;
