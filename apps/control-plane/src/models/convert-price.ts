/** Prices as people write them (dollars for 1, 1,000 or 1,000,000 units), and as they are billed (whole pico-USD a unit). */
import type { PriceLine } from "@switchyard/api-contract/models";
import { inputTokenMeters, type Meter, outputTokenMeters } from "@switchyard/metering/meters";
import { formatUsd, parseUsd, picoUsd } from "@switchyard/metering/pico-usd";
import type { Problem } from "../errors/control-plane-error.ts";
import type { PriceLineRow } from "../policy-revisions/policy-rows.ts";

const tokenMeters: ReadonlySet<string> = new Set<Meter>([...inputTokenMeters, ...outputTokenMeters]);
const largestUnitPrice = 10n ** 18n - 1n;

export type ConvertedLines =
  | { readonly ok: true; readonly lines: readonly PriceLineRow[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Exact or refused: a price that is no whole number of pico-USD a unit is never rounded here. */
export function toPriceRows(lines: readonly PriceLine[]): ConvertedLines {
  const problems: Problem[] = [];
  const rows = lines.map((line, index): PriceLineRow => {
    const amount = parseUsd(line.usd);
    const per = BigInt(line.per);
    const unitPrice = amount / per;
    if (amount % per !== 0n) {
      const message = `${line.usd} USD for ${line.per} units is not a whole number of pico-USD a unit`;
      problems.push({ path: `lines[${index}].usd`, code: "inexact_price", message });
    } else if (unitPrice > largestUnitPrice) {
      problems.push({ path: `lines[${index}].usd`, code: "too_big", message: "is more than a million dollars a unit" });
    }
    return {
      meter: line.meter,
      unitPricePicoUsd: unitPrice,
      aboveInputTokens: line.aboveInputTokens ?? null,
      windowStart: line.timeWindow?.startMinute ?? null,
      windowEnd: line.timeWindow?.endMinute ?? null,
      serviceTier: line.serviceTier ?? null,
    };
  });
  problems.push(...findDuplicates(rows));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, lines: rows };
}

/** Token prices a million, everything else a piece. */
export function fromPriceRow(row: PriceLineRow): PriceLine {
  const per = tokenMeters.has(row.meter) ? 1_000_000 : 1;
  return {
    meter: row.meter as Meter,
    usd: formatUsd(picoUsd(row.unitPricePicoUsd * BigInt(per))),
    per,
    ...(row.aboveInputTokens !== null && { aboveInputTokens: row.aboveInputTokens }),
    ...(row.windowStart !== null &&
      row.windowEnd !== null && { timeWindow: { startMinute: row.windowStart, endMinute: row.windowEnd } }),
    ...(row.serviceTier !== null && { serviceTier: row.serviceTier }),
  };
}

function findDuplicates(rows: readonly PriceLineRow[]): Problem[] {
  const seen = new Set<string>();
  return rows.flatMap((row, index) => {
    const { unitPricePicoUsd: _, ...conditions } = row;
    const key = JSON.stringify(conditions);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      { path: `lines[${index}]`, code: "duplicate_line", message: "repeats the meter and conditions of another line" },
    ];
  });
}
