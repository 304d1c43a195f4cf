import { picoUsd, type PicoUsd } from "../pico-usd.ts";
import { StatementError } from "./statement-line.ts";

export type Fields = Readonly<Record<string, unknown>>;

const decimalPattern = /^(-?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
const fractionDigits = 12;

/** Parses JSON with every number kept as the text that it was written as: money must not pass through a double. */
export function parseExactJson(text: string): unknown {
  const keepText = (_key: string, value: unknown, context: { readonly source?: string }): unknown =>
    typeof value === "number" ? (context.source ?? String(value)) : value;
  try {
    return JSON.parse(text, keepText as (key: string, value: unknown) => unknown);
  } catch {
    throw new StatementError("The file is not valid JSON.");
  }
}

/**
 * An amount in pico-USD from a decimal of any length and exponent, given in units of 10^-`minorDigits` dollars. Digits
 * beyond a pico-dollar are rounded half away from zero: a statement is compared with, never billed by.
 */
export function parseAmount(text: string, minorDigits: number, where: string): PicoUsd {
  const match = decimalPattern.exec(text.trim());
  const [, sign, whole = "", fraction = "", exponent = "0"] = match ?? [];
  if (match === null || whole + fraction === "") throw new StatementError(`${where}: "${text}" is no amount.`);
  const digits = BigInt(whole + fraction);
  const shift = fractionDigits - minorDigits + Number(exponent) - fraction.length;
  const amount = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedHalf(digits, 10n ** BigInt(-shift));
  return picoUsd(sign === "-" ? -amount : amount);
}

export function parseCount(value: unknown, where: string): bigint {
  if (value === undefined || value === null) return 0n;
  if (typeof value === "string" && /^\d{1,30}$/.test(value)) return BigInt(value);
  throw new StatementError(`${where}: ${JSON.stringify(value)} is no count.`);
}

/** The UTC day of an instant: epoch seconds (as text) or ISO 8601. */
export function parseDay(value: unknown, where: string): string {
  const text = typeof value === "string" ? value.trim() : "";
  const atMs = /^\d{9,11}$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
  if (!/^\d{4,}/.test(text) || Number.isNaN(atMs)) throw new StatementError(`${where}: "${text}" is no day.`);
  return new Date(atMs).toISOString().slice(0, 10);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** The buckets of a page, or of several pages one after another in a list. */
export function bucketsOf(text: string): Fields[] {
  const parsed = parseExactJson(text);
  const pages = Array.isArray(parsed) ? parsed : [parsed];
  return pages.flatMap((page: unknown) => {
    const data = isFields(page) ? page["data"] : undefined;
    if (!Array.isArray(data)) throw new StatementError('The file has no "data": it is not an answer of that API.');
    return data.filter(isFields);
  });
}

export function resultsOf(bucket: Fields): Fields[] {
  const results = bucket["results"];
  if (!Array.isArray(results)) throw new StatementError('A bucket has no "results".');
  return results.filter(isFields);
}

function roundedHalf(amount: bigint, unit: bigint): bigint {
  return (amount + unit / 2n) / unit;
}
