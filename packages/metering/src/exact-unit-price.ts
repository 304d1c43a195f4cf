const picoUsdPerUsd = 10n ** 12n;
const decimalPattern = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/**
 * Converts a price in dollars per `unitsPerPrice` units (1,000,000 for a price per million tokens) into whole pico-USD
 * per unit. The number is read as the decimal that JavaScript prints for it, which is what a price list wrote unless
 * arithmetic got in between. Null when it is negative, not finite, or not a whole number of pico-USD per unit: a price
 * is never rounded here.
 */
export function exactUnitPrice(usd: number, unitsPerPrice: bigint): bigint | null {
  const match = decimalPattern.exec(String(usd));
  if (!match) return null;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const numerator = digits * picoUsdPerUsd * 10n ** BigInt(Math.max(shift, 0));
  const denominator = unitsPerPrice * 10n ** BigInt(Math.max(-shift, 0));
  return numerator % denominator === 0n ? numerator / denominator : null;
}
