/** Price lists for the usage vectors: the shapes that real lists have, with prices in pico-USD a unit ($1 per million tokens is 1,000,000). */
import type { Meter } from "../meters.ts";
import { priceVersionSchema, type PriceLine, type PriceVersion } from "../price-version.ts";

type Conditions = Omit<PriceLine, "meter" | "unitPricePicoUsd">;

function line(meter: Meter, unitPrice: number, conditions: Conditions = {}): PriceLine {
  return { meter, unitPricePicoUsd: unitPrice.toString(), ...conditions };
}

function list(lines: readonly PriceLine[], more: Partial<PriceVersion> = {}): PriceVersion {
  return priceVersionSchema.parse({
    priceVersionId: "list",
    connectionId: null,
    effectiveFromMs: 0,
    free: false,
    lines,
    ...more,
  });
}

const longContext = { aboveInputTokens: 200_000 };
const batch = { serviceTier: "batch" };
const priority = { serviceTier: "priority" };
const fromHalfPastFourToHalfPastMidnight = { timeWindow: { startMinute: 990, endMinute: 30 } };
const untilMidnight = { timeWindow: { startMinute: 1320, endMinute: 1440 } };

/** $2.50 in, $0.25 cached, $15 out; audio at $40 and $80, images at $5; nothing for reasoning or cache writes. */
export const omni = list([
  line("input", 2_500_000),
  line("cached_input", 250_000),
  line("audio_input", 40_000_000),
  line("image_input", 5_000_000),
  line("output", 15_000_000),
  line("audio_output", 80_000_000),
]);

/** Every lifetime of cache writes, a tier above 200,000 input tokens, batch at half price, reasoning at its own price. */
export const tiered = list([
  line("input", 3_000_000),
  line("input", 6_000_000, longContext),
  line("input", 1_500_000, batch),
  line("input", 3_100_000, { ...longContext, ...batch }),
  line("cached_input", 300_000),
  line("cached_input", 600_000, longContext),
  line("cache_write_5m", 3_750_000),
  line("cache_write_5m", 7_500_000, longContext),
  line("cache_write_30m", 4_500_000),
  line("cache_write_1h", 6_000_000),
  line("cache_write_1h", 12_000_000, longContext),
  line("cache_write_12h", 9_000_000),
  line("output", 15_000_000),
  line("output", 22_500_000, longContext),
  line("output", 7_500_000, batch),
  line("output", 30_000_000, priority),
  line("reasoning", 18_000_000),
]);

/** Cheaper from 16:30 until 00:30 UTC; cached input is off-peak too. */
export const nightly = list([
  line("input", 270_000),
  line("input", 135_000, fromHalfPastFourToHalfPastMidnight),
  line("cached_input", 70_000),
  line("cached_input", 17_500, fromHalfPastFourToHalfPastMidnight),
  line("output", 1_100_000),
  line("output", 550_000, fromHalfPastFourToHalfPastMidnight),
]);

/** A window that ends with the day, beside a tier and a service tier, which are as specific as it is. */
export const rivals = list([
  line("input", 1_000),
  line("input", 400, untilMidnight),
  line("input", 700, { aboveInputTokens: 50 }),
  line("input", 900, priority),
  line("input", 300, { ...priority, ...untilMidnight }),
  line("output", 2_000),
]);

/** $0.006 a minute of audio, $15 a million characters, $0.04 an image, $2 a thousand searches, $0.01 a request. */
export const media = list([
  line("audio_seconds", 100_000_000),
  line("characters", 15_000_000),
  line("images", 40_000_000_000),
  line("search_units", 2_000_000_000),
  line("requests", 10_000_000_000),
]);

export const feePerRequest = list([line("requests", 100_000_000_000)]);
export const cheapest = list([line("input", 1), line("output", 3)]);
export const dearest = list([line("input", 999_999_999_999), line("output", 999_999_999_999)]);
export const free = list([], { free: true });
export const unpriced = list([]);

/** The instant from which the general price and the negotiated one of `azure` change. */
export const changesAtMs = Date.UTC(2026, 6, 1);

/** A general price, one for the connection `azure` only, and a later version of both. */
export const history: readonly PriceVersion[] = [
  list([line("input", 1_000_000), line("output", 4_000_000)], { effectiveFromMs: Date.UTC(2026, 0, 1) }),
  list([line("input", 800_000), line("output", 3_200_000)], {
    effectiveFromMs: Date.UTC(2026, 3, 1),
    connectionId: "azure",
  }),
  list([line("input", 1_250_000), line("output", 5_000_000)], { effectiveFromMs: changesAtMs }),
  list([line("input", 750_000), line("output", 3_000_000)], { effectiveFromMs: changesAtMs, connectionId: "azure" }),
  list([], { effectiveFromMs: Date.UTC(2026, 8, 1), connectionId: "azure", free: true }),
  list([], { effectiveFromMs: Date.UTC(2026, 9, 1) }),
];
