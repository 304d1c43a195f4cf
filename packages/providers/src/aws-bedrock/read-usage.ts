/** Converse's usage into disjoint meters: cached tokens are beside the input, thoughts are a part of the output. */
import type { Usage } from "@switchyard/metering/meters";
import { fieldsIn } from "../events/read-citation.ts";
import { isFields } from "../json/field-reader.ts";
import type { UsageReading } from "../provider-codec.ts";
import { tokenCount } from "../usage/token-count.ts";

/** Some answers have the figures of the cache under two names: they are one figure. */
const names = {
  input: ["inputTokens"],
  cacheRead: ["cacheReadInputTokens", "cacheReadInputTokenCount"],
  cacheWrite: ["cacheWriteInputTokens", "cacheWriteInputTokenCount"],
  output: ["outputTokens"],
  total: ["totalTokens"],
} as const;

/** Null where nothing was told that could be billed by. */
export function readConverseUsage(raw: unknown): UsageReading | null {
  if (raw === undefined || raw === null) return null;
  if (!isFields(raw)) return { kind: "unusable", problem: "usage is not an object" };
  const counts: Partial<Record<keyof typeof names, number>> = {};
  for (const [figure, spellings] of Object.entries(names)) {
    for (const name of spellings) {
      const value = raw[name];
      if (value === undefined || value === null) continue;
      const count = tokenCount(value);
      if (count === null) return { kind: "unusable", problem: `${name} is not a count of tokens` };
      counts[figure as keyof typeof names] = count;
    }
  }
  const { input, output, cacheRead = 0, cacheWrite = 0 } = counts;
  if (input === undefined || output === undefined) return null;
  const sum = input + output + cacheRead + cacheWrite;
  const total = counts.total ?? sum;
  const warnings = total === sum ? [] : [`totalTokens is ${total}, but its parts add up to ${sum}`];
  const forAnHour = Math.min(cacheWrite, writtenForAnHour(raw["cacheDetails"]));
  const usage: Usage = {
    input,
    cached_input: cacheRead,
    // What is not itemised was written for the default time.
    cache_write_5m: cacheWrite - forAnHour,
    cache_write_1h: forAnHour,
    output,
  };
  return {
    kind: "usable",
    usage: Object.fromEntries(Object.entries(usage).filter(([, quantity]) => quantity > 0)),
    warnings,
  };
}

/** Of what was written to the cache: how long each part is kept, which differs in price. */
function writtenForAnHour(details: unknown): number {
  let tokens = 0;
  for (const { ttl, inputTokens } of fieldsIn(details)) {
    if (ttl === "1h") tokens += tokenCount(inputTokens) ?? 0;
  }
  return tokens;
}
