import type { Usage } from "@switchyard/metering/meters";
import type { CompleteResponse, UsageReading } from "../provider-codec.ts";
import { tokenCount } from "../usage/token-count.ts";

const mostUnits = 1_000_000_000;

/** A count that a provider reports, or the digits of one, rounded up to whole units; undefined for anything that is none. */
export function quantityOf(value: unknown): number | undefined {
  const count = typeof value === "string" ? tokenCount(value) : value;
  return typeof count === "number" && count >= 0 && count <= mostUnits ? Math.ceil(count) : undefined;
}

/** A usage of the quantities that are there; null where there is none. A wrong one makes the whole unusable. */
export function usageOf(quantities: { readonly [meter in keyof Usage]?: unknown }): UsageReading | null {
  const usage: Record<string, number> = {};
  for (const [meter, value] of Object.entries(quantities)) {
    if (value === undefined || value === null) continue;
    const quantity = quantityOf(value);
    if (quantity === undefined) return { kind: "unusable", problem: `${meter} is not a count` };
    if (quantity > 0) usage[meter] = quantity;
  }
  return Object.keys(usage).length === 0 ? null : { kind: "usable", usage, warnings: [] };
}

/** An answer that ended well, in the provider's own bytes. */
export function answered(usage: UsageReading | null, empty: boolean): CompleteResponse {
  return {
    ok: true,
    body: null,
    verdict: "complete",
    usage,
    finishReasons: [],
    empty,
    serviceTier: null,
    model: null,
  };
}
