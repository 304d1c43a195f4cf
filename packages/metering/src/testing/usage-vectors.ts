/**
 * What calls cost, worked out by hand: `working` is the sum as it stands on paper, quantity x unit price by meter, and
 * `costPicoUsd` its result. Neither was taken from the code under test.
 */
import type { Usage } from "../meters.ts";
import type { PriceVersion } from "../price-version.ts";
import * as lists from "./vector-prices.ts";

export interface UsageVector {
  readonly name: string;
  readonly prices: readonly PriceVersion[];
  readonly usage: Usage;
  readonly working: string;
  readonly costPicoUsd: string;
  readonly atMs: number;
  readonly connectionId: string;
  readonly serviceTier: string | null;
}

type Circumstances = Partial<Pick<UsageVector, "atMs" | "connectionId" | "serviceTier">>;

function vector(
  name: string,
  prices: PriceVersion | readonly PriceVersion[],
  usage: Usage,
  working: string,
  costPicoUsd: string,
  { atMs = Date.UTC(2026, 5, 1, 12), connectionId = "openai", serviceTier = null }: Circumstances = {},
): UsageVector {
  const versions = "lines" in prices ? [prices] : prices;
  return { name, prices: versions, usage, working, costPicoUsd, atMs, connectionId, serviceTier };
}

const at = (hour: number, minute: number, millisecond = 0): Circumstances => ({
  atMs: Date.UTC(2026, 5, 1, hour, minute, 0, millisecond),
});
const atInstant = (atMs: number, connectionId = "openai"): Circumstances => ({ atMs, connectionId });
const batch: Circumstances = { serviceTier: "batch" };
const priority: Circumstances = { serviceTier: "priority" };

const { omni, tiered, nightly, rivals, media, feePerRequest, cheapest, dearest, free, history, changesAtMs } = lists;
const october = Date.UTC(2026, 9, 1);
const august = Date.UTC(2026, 7, 1);

// One row a line: it is a table.
// prettier-ignore
export const usageVectors: readonly UsageVector[] = [
  // Single meters, at their own price.
  vector("input", omni, { input: 1_000 }, "1000 x 2500000", "2500000000"),
  vector("one token of input", omni, { input: 1 }, "1 x 2500000", "2500000"),
  vector("cached input", omni, { cached_input: 4_096 }, "4096 x 250000", "1024000000"),
  vector("output", omni, { output: 777 }, "777 x 15000000", "11655000000"),
  vector("audio heard", omni, { audio_input: 320 }, "320 x 40000000", "12800000000"),
  vector("audio spoken", omni, { audio_output: 64 }, "64 x 80000000", "5120000000"),
  vector("an image seen", omni, { image_input: 1_105 }, "1105 x 5000000", "5525000000"),
  vector("reasoning at its own price", tiered, { reasoning: 2_048 }, "2048 x 18000000", "36864000000"),
  vector("a cache write of five minutes", tiered, { cache_write_5m: 1_200 }, "1200 x 3750000", "4500000000"),
  vector("a cache write of half an hour", tiered, { cache_write_30m: 1_200 }, "1200 x 4500000", "5400000000"),
  vector("a cache write of an hour", tiered, { cache_write_1h: 1_200 }, "1200 x 6000000", "7200000000"),
  vector("a cache write of twelve hours", tiered, { cache_write_12h: 1_200 }, "1200 x 9000000", "10800000000"),
  vector("seconds of audio", media, { audio_seconds: 61 }, "61 x 100000000", "6100000000"),
  vector("searches", media, { search_units: 3 }, "3 x 2000000000", "6000000000"),
  vector("pictures in tokens, billed as output", tiered, { image_output: 2 }, "2 x 15000000", "30000000"),
  vector("characters", media, { characters: 250 }, "250 x 15000000", "3750000000"),
  vector("images made", media, { images: 3 }, "3 x 40000000000", "120000000000"),
  vector("a request", media, { requests: 1 }, "1 x 10000000000", "10000000000"),
  // Several meters in one call; the final count of a stream and the count so far of one that broke off.
  vector("a chat turn", omni, { input: 1_200, output: 350 }, "1200 x 2500000 + 350 x 15000000", "8250000000"),
  vector("a chat turn, most of it cached", omni, { input: 176, cached_input: 1_024, output: 350 }, "176 x 2500000 + 1024 x 250000 + 350 x 15000000", "5946000000"),
  vector("the stream of that turn, broken off after 12 tokens", omni, { input: 176, cached_input: 1_024, output: 12 }, "176 x 2500000 + 1024 x 250000 + 12 x 15000000", "876000000"),
  vector("a stream broken off before its first token", omni, { input: 176, cached_input: 1_024, output: 0 }, "176 x 2500000 + 1024 x 250000", "696000000"),
  vector("a spoken turn", omni, { input: 20, audio_input: 300, output: 15, audio_output: 400 }, "20 x 2500000 + 300 x 40000000 + 15 x 15000000 + 400 x 80000000", "44275000000"),
  vector("all writes and reads of a cache", tiered, { input: 1, cached_input: 2, cache_write_5m: 3, cache_write_30m: 4, cache_write_1h: 5, cache_write_12h: 6 }, "1 x 3000000 + 2 x 300000 + 3 x 3750000 + 4 x 4500000 + 5 x 6000000 + 6 x 9000000", "116850000"),
  vector("an answer with thought", tiered, { input: 90, output: 210, reasoning: 1_500 }, "90 x 3000000 + 210 x 15000000 + 1500 x 18000000", "30420000000"),
  vector("all media at once", media, { requests: 1, audio_seconds: 5, characters: 7, images: 2 }, "5 x 100000000 + 7 x 15000000 + 2 x 40000000000 + 1 x 10000000000", "90605000000"),
  vector("nothing used", omni, {}, "0 x 0", "0"),
  vector("nothing but zeros", omni, { input: 0, output: 0 }, "0 x 2500000 + 0 x 15000000", "0"),
  // Meters without a line of their own: their stand-in prices them.
  vector("reasoning billed as output", omni, { output: 100, reasoning: 900 }, "100 x 15000000 + 900 x 15000000", "15000000000"),
  vector("cache writes billed as input", omni, { cache_write_5m: 10, cache_write_30m: 20, cache_write_1h: 30, cache_write_12h: 40 }, "10 x 2500000 + 20 x 2500000 + 30 x 2500000 + 40 x 2500000", "250000000"),
  vector("audio and images billed as text", tiered, { audio_input: 25, image_input: 50, audio_output: 75 }, "25 x 3000000 + 50 x 3000000 + 75 x 15000000", "1350000000"),
  vector("a stand-in with a tier", tiered, { audio_input: 200_001 }, "200001 x 6000000", "1200006000000"),
  vector("a stand-in in its window", nightly, { reasoning: 40, cache_write_1h: 60 }, "60 x 135000 + 40 x 550000", "30100000", at(18, 0)),
  vector("no fee where none is listed", omni, { requests: 1, input: 2 }, "1 x 0 + 2 x 2500000", "5000000"),
  // Context tiers: judged by all input, applied to the whole call.
  vector("at the threshold", tiered, { input: 200_000, output: 10 }, "200000 x 3000000 + 10 x 15000000", "600150000000"),
  vector("one token above it", tiered, { input: 200_001, output: 10 }, "200001 x 6000000 + 10 x 22500000", "1200231000000"),
  vector("above it by cached tokens", tiered, { input: 1, cached_input: 200_000, output: 4 }, "1 x 6000000 + 200000 x 600000 + 4 x 22500000", "120096000000"),
  vector("above it by cache writes", tiered, { cache_write_5m: 150_000, cache_write_1h: 50_001 }, "150000 x 7500000 + 50001 x 12000000", "1725012000000"),
  vector("a meter without a price for the tier keeps its own", tiered, { input: 200_000, cache_write_12h: 1, reasoning: 3 }, "200000 x 6000000 + 1 x 9000000 + 3 x 18000000", "1200063000000"),
  vector("output counts for no tier", tiered, { input: 10, output: 300_000 }, "10 x 3000000 + 300000 x 15000000", "4500030000000"),
  // Windows, in UTC, the start inclusive and the end not.
  vector("a millisecond before off-peak", nightly, { input: 1_000, output: 100 }, "1000 x 270000 + 100 x 1100000", "380000000", at(16, 29, 59_999)),
  vector("the first millisecond of off-peak", nightly, { input: 1_000, output: 100 }, "1000 x 135000 + 100 x 550000", "190000000", at(16, 30)),
  vector("off-peak before midnight", nightly, { input: 1_000, cached_input: 500 }, "1000 x 135000 + 500 x 17500", "143750000", at(23, 59, 59_999)),
  vector("off-peak after midnight", nightly, { input: 1_000, cached_input: 500 }, "1000 x 135000 + 500 x 17500", "143750000", at(0, 0)),
  vector("the last millisecond of off-peak", nightly, { output: 9 }, "9 x 550000", "4950000", at(0, 29, 59_999)),
  vector("the first millisecond of peak", nightly, { output: 9 }, "9 x 1100000", "9900000", at(0, 30)),
  vector("a window until midnight, its last minute", rivals, { input: 10 }, "10 x 400", "4000", at(23, 59)),
  vector("a window until midnight, the next day", rivals, { input: 10 }, "10 x 1000", "10000", at(0, 0)),
  // Service tiers, and lines that compete.
  vector("batch", tiered, { input: 1_000, output: 1_000 }, "1000 x 1500000 + 1000 x 7500000", "9000000000", batch),
  vector("batch above the context tier", tiered, { input: 200_001 }, "200001 x 3100000", "620003100000", batch),
  vector("batch does not reach a meter without a batch price", tiered, { cached_input: 100, reasoning: 10 }, "100 x 300000 + 10 x 18000000", "210000000", batch),
  vector("priority doubles output alone", tiered, { input: 100, output: 10 }, "100 x 3000000 + 10 x 30000000", "600000000", priority),
  vector("a service tier that no line names", tiered, { input: 100, output: 10 }, "100 x 3000000 + 10 x 15000000", "450000000", { serviceTier: "flex" }),
  vector("a context tier before a window", rivals, { input: 51 }, "51 x 700", "35700", at(22, 0)),
  vector("a context tier before a service tier", rivals, { input: 51 }, "51 x 700", "35700", priority),
  vector("a service tier before no condition", rivals, { input: 50 }, "50 x 900", "45000", priority),
  vector("two conditions before one", rivals, { input: 51 }, "51 x 300", "15300", { ...at(22, 0), ...priority }),
  // Versions: by connection, by the millisecond.
  vector("the general price", history, { input: 100, output: 10 }, "100 x 1000000 + 10 x 4000000", "140000000"),
  vector("a price of one connection", history, { input: 100, output: 10 }, "100 x 800000 + 10 x 3200000", "112000000", { connectionId: "azure" }),
  vector("that connection before it had a price", history, { input: 100 }, "100 x 1000000", "100000000", atInstant(Date.UTC(2026, 3, 1) - 1, "azure")),
  vector("that connection from the millisecond on", history, { input: 100 }, "100 x 800000", "80000000", atInstant(Date.UTC(2026, 3, 1), "azure")),
  vector("the last millisecond of the old price", history, { input: 100, output: 10 }, "100 x 1000000 + 10 x 4000000", "140000000", atInstant(changesAtMs - 1)),
  vector("the first millisecond of the new price", history, { input: 100, output: 10 }, "100 x 1250000 + 10 x 5000000", "175000000", atInstant(changesAtMs)),
  vector("the last millisecond of the old negotiated price", history, { output: 10 }, "10 x 3200000", "32000000", atInstant(changesAtMs - 1, "azure")),
  vector("the first millisecond of the new negotiated price", history, { output: 10 }, "10 x 3000000", "30000000", atInstant(changesAtMs, "azure")),
  vector("a general price that changed does not reach the connection", history, { input: 1 }, "1 x 750000", "750000", atInstant(august, "azure")),
  vector("free on one connection, while the model is unpriced elsewhere", history, { input: 5_000 }, "5000 x 0", "0", atInstant(october, "azure")),
  // Fees, nothing, and the ends of the scale.
  vector("a fee includes the tokens", feePerRequest, { requests: 1, input: 9_000, output: 4_000 }, "1 x 100000000000 + 9000 x 0 + 4000 x 0", "100000000000"),
  vector("free", free, { requests: 1, input: 12_345, output: 678, images: 2 }, "1 x 0 + 12345 x 0 + 678 x 0 + 2 x 0", "0"),
  vector("the smallest amount there is", cheapest, { input: 1 }, "1 x 1", "1"),
  vector("one pico-dollar a token", cheapest, { input: 1_000_000_007, output: 13 }, "1000000007 x 1 + 13 x 3", "1000000046"),
  vector("two million tokens of context", tiered, { input: 2_000_000, output: 128_000 }, "2000000 x 6000000 + 128000 x 22500000", "14880000000000"),
  vector("beyond what a float counts exactly", dearest, { input: 90_071 }, "90071 x 999999999999", "90070999999909929"),
  vector("beyond what 64 bits hold", dearest, { input: 4_503_599_627_370_495, output: 4_503_599_627_370_496 }, "4503599627370495 x 999999999999 + 4503599627370496 x 999999999999", "9007199254731983800745259009"),
  vector("the largest quantity", dearest, { output: 9_007_199_254_740_991 }, "9007199254740991 x 999999999999", "9007199254731983800745259009"),
];
