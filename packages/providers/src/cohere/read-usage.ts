/** Cohere's usage into disjoint meters. What is billed may be far less than what was read, so only that counts. */
import type { Usage } from "@switchyard/metering/meters";
import { isFields } from "../json/field-reader.ts";
import type { UsageReading } from "../provider-codec.ts";
import { tokenCount } from "../usage/token-count.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Reads the `usage` of an answer; null where it is missing. Cached tokens and thoughts are parts of what is billed. */
export function readCohereUsage(raw: unknown): UsageReading | null {
  if (raw === undefined || raw === null) return null;
  if (!isFields(raw)) return unusable("usage is not an object");
  const tokens = isFields(raw["tokens"]) ? raw["tokens"] : {};
  const billed = isFields(raw["billed_units"]) ? raw["billed_units"] : tokens;
  const input = count(billed, "input_tokens");
  const output = count(billed, "output_tokens");
  const cached = count(raw, "cached_tokens");
  const thought = count(tokens, "reasoning_tokens");
  if (input === null || output === null || cached === null || thought === null) {
    return unusable("usage holds what is not a count of tokens");
  }
  if (input + output === 0 && billed["output_tokens"] === undefined) return null;
  const cachedInput = Math.min(cached, input);
  const reasoning = Math.min(thought, output);
  const usage: Usage = { input: input - cachedInput, cached_input: cachedInput, output: output - reasoning, reasoning };
  return {
    kind: "usable",
    usage: Object.fromEntries(Object.entries(usage).filter(([, quantity]) => quantity > 0)),
    warnings: [],
  };
}

/** A missing count is 0; null is no count. */
function count(from: Fields, name: string): number | null {
  const value = from[name];
  return value === undefined || value === null ? 0 : tokenCount(value);
}

function unusable(problem: string): UsageReading {
  return { kind: "unusable", problem };
}
