/** Generated price lists and usages for property tests. */
import fc from "fast-check";
import { meters, type Meter, type Usage } from "../meters.ts";
import type { PriceLine } from "../price-version.ts";

const unitPrice = fc.bigInt({ min: 0n, max: 500_000_000n }).map(String);

const conditions = fc.record(
  {
    aboveInputTokens: fc.constantFrom(0, 100, 1_000, 200_000),
    timeWindow: fc.record({ startMinute: fc.nat(1439), endMinute: fc.nat(1440) }),
    serviceTier: fc.constantFrom("flex", "priority"),
  },
  { requiredKeys: [] },
);

const conditionalLine: fc.Arbitrary<PriceLine> = fc
  .record({ meter: fc.constantFrom(...meters), unitPricePicoUsd: unitPrice, conditions })
  .map(({ conditions: met, ...line }) => ({ ...line, ...met }));

const unconditionalLine = (meter: Meter): fc.Arbitrary<PriceLine> =>
  unitPrice.map((unitPricePicoUsd) => ({ meter, unitPricePicoUsd }));

/** A list that prices input and output always, and anything else perhaps. */
export const arbitraryLines: fc.Arbitrary<PriceLine[]> = fc
  .tuple(unconditionalLine("input"), unconditionalLine("output"), fc.array(conditionalLine, { maxLength: 12 }))
  .map(([input, output, others]) => [...others, input, output]);

export function arbitraryUsage(mostPerMeter: number): fc.Arbitrary<{ [meter in Meter]?: number } & Usage> {
  const quantity = fc.nat(mostPerMeter);
  return fc.record(
    {
      input: quantity,
      cached_input: quantity,
      cache_write_5m: quantity,
      cache_write_1h: quantity,
      audio_input: quantity,
      image_input: quantity,
      output: quantity,
      reasoning: quantity,
      audio_output: quantity,
      requests: fc.nat(1),
    },
    { requiredKeys: [] },
  );
}
