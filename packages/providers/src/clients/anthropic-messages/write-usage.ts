import { type Meter, outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { UsageReading } from "../../provider-codec.ts";

const freshInput = ["input", "audio_input", "image_input"] as const satisfies readonly Meter[];
const shortWrites = ["cache_write_5m", "cache_write_30m"] as const satisfies readonly Meter[];
const longWrites = ["cache_write_1h", "cache_write_12h"] as const satisfies readonly Meter[];

/** Disjoint meters as Anthropic spells them: input without what the cache gave or took (wire formats 1.6). */
export function anthropicUsage(reading: UsageReading | null): object {
  const usage = reading?.kind === "usable" ? reading.usage : {};
  const written5m = totalQuantity(usage, shortWrites);
  const written1h = totalQuantity(usage, longWrites);
  return {
    input_tokens: totalQuantity(usage, freshInput),
    cache_creation_input_tokens: written5m + written1h,
    cache_read_input_tokens: usage.cached_input ?? 0,
    cache_creation: { ephemeral_5m_input_tokens: written5m, ephemeral_1h_input_tokens: written1h },
    output_tokens: totalQuantity(usage, outputTokenMeters),
    output_tokens_details: { thinking_tokens: usage.reasoning ?? 0 },
  };
}
