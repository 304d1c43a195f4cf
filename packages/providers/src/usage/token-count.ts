/** No single call comes near it, and sums of a few of them stay exact. */
const mostTokens = 1_000_000_000_000;
const digits = /^\d{1,13}$/;

/**
 * A provider's count of tokens: a whole number, or the text of one in decimal digits, as servers write whose numbers have 64
 * bits. Null for anything else: what a provider says is not to be trusted.
 */
export function tokenCount(value: unknown): number | null {
  const count = typeof value === "string" && digits.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= mostTokens ? count : null;
}
