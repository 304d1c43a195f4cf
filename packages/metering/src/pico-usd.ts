/** One pico-dollar (1e-12 USD) is the only unit of money inside Switchyard; see DESIGN section 5. */
declare const picoUsdBrand: unique symbol;

/** An integer amount of pico-USD. Never a float, never mixed with another unit. */
export type PicoUsd = bigint & { readonly [picoUsdBrand]: true };

export const zeroPicoUsd = 0n as PicoUsd;

/** Largest amount that a per-attempt column (PostgreSQL bigint) can hold, about $9.2 million. */
export const maxAttemptPicoUsd = (2n ** 63n - 1n) as PicoUsd;

const fractionDigits = 12;
const integerPattern = /^-?\d{1,39}$/;
const decimalPattern = /^(-?)(\d{1,27})(?:\.(\d{1,12}))?$/;

/** Marks a bigint that is already a count of pico-USD. */
export function picoUsd(amount: bigint): PicoUsd {
  return amount as PicoUsd;
}

/** Reads the decimal-string form that JSON and PostgreSQL carry ("12500"). Throws RangeError on anything else. */
export function parsePicoUsd(text: string): PicoUsd {
  if (!integerPattern.test(text)) throw new RangeError("not an integer amount of pico-USD");
  return BigInt(text) as PicoUsd;
}

/** Converts an exact decimal of dollars ("0.01") into pico-USD. Throws RangeError beyond 12 fraction digits. */
export function parseUsd(text: string): PicoUsd {
  const match = decimalPattern.exec(text);
  if (!match) throw new RangeError("not a decimal amount of USD with at most 12 fraction digits");
  const [, sign, whole, fraction = ""] = match;
  const amount = BigInt(`${whole}${fraction.padEnd(fractionDigits, "0")}`);
  return (sign === "-" ? -amount : amount) as PicoUsd;
}

/** Exact decimal dollars without trailing zeros ("0.01"); `minimumFractionDigits` pads for display ("1.00"). */
export function formatUsd(amount: PicoUsd, minimumFractionDigits = 0): string {
  const sign = amount < 0n ? "-" : "";
  const digits = (amount < 0n ? -amount : amount).toString().padStart(fractionDigits + 1, "0");
  const whole = digits.slice(0, -fractionDigits);
  const fraction = digits.slice(-fractionDigits).replace(/0+$/, "").padEnd(minimumFractionDigits, "0");
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** Adds amounts; the empty sum is zero. */
export function sumPicoUsd(amounts: Iterable<PicoUsd>): PicoUsd {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as PicoUsd;
}
