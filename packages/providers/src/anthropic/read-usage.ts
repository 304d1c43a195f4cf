/** Anthropic's usage into disjoint meters. Its input figures are disjoint already; thinking is part of the output. */
import type { Usage } from "@switchyard/metering/meters";
import { isFields } from "../json/field-reader.ts";
import type { UsageReading } from "../provider-codec.ts";
import { tokenCount } from "../usage/token-count.ts";

type Fields = Readonly<Record<string, unknown>>;

const fields = [
  "input",
  "cacheRead",
  "cacheWrite",
  "cacheWrite5m",
  "cacheWrite1h",
  "output",
  "thinking",
  "searches",
] as const;
type Counts = Record<(typeof fields)[number], number>;

/**
 * Usage of one answer, from the one report of a whole message or the several of a stream. Reports are cumulative, and a
 * later one may leave out or restate what an earlier one said: of each figure the largest counts (wire formats 1.6).
 */
export class AnthropicUsage {
  serviceTier: string | null = null;
  readonly #counts: Counts = noCounts();
  #problem: string | null = null;
  #hasOutput = false;

  /** Takes the `usage` of a message or of an event. */
  add(raw: unknown): void {
    if (raw === undefined || raw === null) return;
    if (!isFields(raw)) {
      this.#problem ??= "usage is not an object";
      return;
    }
    const { service_tier: serviceTier, iterations } = raw;
    if (typeof serviceTier === "string") this.serviceTier = serviceTier;
    if (tokenCount(raw["output_tokens"]) !== null) this.#hasOutput = true;
    const top = this.#read(raw);
    const all = Array.isArray(iterations) ? this.#sum(iterations) : noCounts();
    for (const field of fields) this.#counts[field] = Math.max(this.#counts[field], top[field], all[field]);
  }

  /** Null while nothing was told. */
  reading(): UsageReading | null {
    if (this.#problem !== null) return { kind: "unusable", problem: this.#problem };
    if (!this.#hasOutput) return null;
    const { input, cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h, output, thinking, searches } = this.#counts;
    if (thinking > output) return { kind: "unusable", problem: "thinking_tokens exceed output_tokens" };
    const warnings: string[] = [];
    const itemised = cacheWrite5m + cacheWrite1h;
    if (itemised > 0 && cacheWrite > 0 && itemised !== cacheWrite) {
      warnings.push(`cache_creation_input_tokens is ${cacheWrite}, but its parts add up to ${itemised}`);
    }
    const usage: Usage = {
      input,
      cached_input: cacheRead,
      // What is not itemised was written for the default time.
      cache_write_5m: Math.max(cacheWrite5m, cacheWrite - cacheWrite1h),
      cache_write_1h: cacheWrite1h,
      output: output - thinking,
      reasoning: thinking,
      // Billed by the search, beside the tokens; pages that are fetched are billed as tokens alone.
      search_units: searches,
    };
    return { kind: "usable", usage: withoutZeros(usage), warnings };
  }

  /** Compactions and fallbacks run apart from the answer and are billed beside it. */
  #sum(iterations: readonly unknown[]): Counts {
    const sum = noCounts();
    for (const iteration of iterations) {
      const counts = isFields(iteration) ? this.#read(iteration) : noCounts();
      for (const field of fields) sum[field] += counts[field];
    }
    return sum;
  }

  #read(raw: Fields): Counts {
    const { cache_creation: creation, output_tokens_details: details, server_tool_use: tools } = raw;
    const written = isFields(creation) ? creation : {};
    return {
      input: this.#count(raw, "input_tokens"),
      cacheRead: this.#count(raw, "cache_read_input_tokens"),
      cacheWrite: this.#count(raw, "cache_creation_input_tokens"),
      cacheWrite5m: this.#count(written, "ephemeral_5m_input_tokens"),
      cacheWrite1h: this.#count(written, "ephemeral_1h_input_tokens"),
      output: this.#count(raw, "output_tokens"),
      thinking: this.#count(isFields(details) ? details : {}, "thinking_tokens"),
      searches: this.#count(isFields(tools) ? tools : {}, "web_search_requests"),
    };
  }

  #count(from: Fields, name: string): number {
    const value = from[name];
    if (value === undefined || value === null) return 0;
    const count = tokenCount(value);
    if (count !== null) return count;
    this.#problem ??= `${name} is not a count of tokens`;
    return 0;
  }
}

function noCounts(): Counts {
  return Object.fromEntries(fields.map((field) => [field, 0])) as Counts;
}

function withoutZeros(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, quantity]) => quantity > 0));
}
