import { inputTokenMeters, outputTokenMeters, totalQuantity } from "@switchyard/metering/meters";
import type { UsageReading } from "../../provider-codec.ts";

const longWrites = ["cache_write_1h", "cache_write_12h"] as const;
const shortWrites = ["cache_write_5m", "cache_write_30m"] as const;

/** Disjoint meters as OpenAI's Responses spell them; null where nothing usable is known. */
export function responsesUsage(reading: UsageReading | null): object | null {
  if (reading?.kind !== "usable") return null;
  const { usage } = reading;
  const inputTokens = totalQuantity(usage, inputTokenMeters);
  const outputTokens = totalQuantity(usage, outputTokenMeters);
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cached_input ?? 0,
      cache_write_tokens: totalQuantity(usage, [...shortWrites, ...longWrites]),
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
