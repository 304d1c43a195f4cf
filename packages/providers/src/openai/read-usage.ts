/**
 * OpenAI's usage object into disjoint meters. A provider's figures are hostile input: whatever is not a plain count, or
 * does not add up to one, is refused whole, and the attempt settles at its hold instead.
 */
import { inputTokenMeters, outputTokenMeters, totalQuantity, type Usage } from "@switchyard/metering/meters";
import type { Operation } from "@switchyard/metering/usage-event";
import type { UsageReading } from "../provider-codec.ts";
import { tokenCount } from "../usage/token-count.ts";

type Fields = Readonly<Record<string, unknown>>;

/** How a server counts, where it differs from OpenAI. */
export interface UsageDialect {
  /** Whether reasoning comes on top of `completion_tokens`, where the provider's total does not tell. */
  readonly reasoningIsOutside: boolean;
  /** Whether what only the provider's total holds is reasoning that it does not itemise. */
  readonly surplusIsReasoning?: boolean;
}

/** Where servers tell of cached tokens besides OpenAI's place: DeepSeek, Mistral, Moonshot. */
const cacheNames = ["prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens"] as const;

const openAiCounting: UsageDialect = { reasoningIsOutside: false };

/**
 * Reads `usage`. `prompt_tokens` holds cached, cache-write, audio and image tokens (wire formats 1.6), and
 * `completion_tokens` holds reasoning and audio tokens, except where the provider's own total shows that reasoning
 * was left out of it (xAI, Gemini's compatible endpoint). A total that fits neither reading is a warning.
 */
export function readOpenAiUsage(
  raw: unknown,
  operation: Operation,
  dialect: UsageDialect = openAiCounting,
): UsageReading {
  if (!isFields(raw)) return unusable("usage is not an object");
  const counts = new CountReader();
  const prompt = counts.required(raw, "prompt_tokens");
  const completion =
    operation === "embeddings" ? counts.optional(raw, "completion_tokens") : counts.required(raw, "completion_tokens");
  const total = counts.optionalOrNull(raw, "total_tokens");
  const promptDetails = counts.details(raw, "prompt_tokens_details");
  const completionDetails = counts.details(raw, "completion_tokens_details");
  const cached = Math.max(
    counts.optional(promptDetails, "cached_tokens"),
    ...cacheNames.map((name) => counts.optional(raw, name)),
  );
  const cacheWrite = counts.optional(promptDetails, "cache_write_tokens");
  const cacheCreation = counts.optional(promptDetails, "cache_creation_input_tokens");
  const promptAudio = counts.optional(promptDetails, "audio_tokens");
  const promptImage = counts.optional(promptDetails, "image_tokens");
  const itemisedReasoning = counts.optionalOrNull(completionDetails, "reasoning_tokens");
  const reasoning = itemisedReasoning ?? counts.optional(raw, "reasoning_tokens");
  // Sources that a search model has read; the one vendor that counts them bills those of deep research as input.
  const citations = areCitationsBilled(raw) ? counts.optional(raw, "citation_tokens") : 0;
  const completionAudio = counts.optional(completionDetails, "audio_tokens");
  const searches = readSearches(raw, counts);
  if (counts.problem !== null) return unusable(counts.problem);

  const warnings: string[] = [];
  const surplus = total === null ? 0 : total - prompt - completion;
  // Where a server leaves something out of its parts, its own total shows what.
  const audioIsOutside = promptAudio > 0 && surplus === promptAudio;
  const tellsByTotal = dialect.reasoningIsOutside || dialect.surplusIsReasoning === true;
  const unnamed = tellsByTotal && itemisedReasoning === null && surplus > 0 && !audioIsOutside ? surplus : 0;
  const told = Math.max(reasoning, unnamed);
  const totalHoldsReasoning = told > 0 && surplus === told;
  const reasoningIsOutside = totalHoldsReasoning || (dialect.reasoningIsOutside && told > 0);
  if (surplus !== 0 && !totalHoldsReasoning && !audioIsOutside) {
    warnings.push(`total_tokens is ${total}, but prompt and completion add up to ${prompt + completion}`);
  }
  const cacheIsOutside = cached > prompt;
  const cacheWrites = cacheWrite + cacheCreation;
  if (!cacheIsOutside && cached + cacheWrites > prompt) return unusable("cached tokens exceed prompt_tokens");
  if (cacheIsOutside) warnings.push("cached tokens exceed prompt_tokens, so they were counted beside them");
  // More thinking than was written at all: the total is what the server stands by, and tells which of them is wrong.
  const isOverstated = !reasoningIsOutside && total !== null && told > completion;
  if (isOverstated) warnings.push(`reasoning_tokens is ${told}, but completion_tokens is ${completion}`);
  const written = isOverstated && total - prompt === told ? told : completion;
  const reasoningTokens = isOverstated ? written : told;
  const insideCompletion = completionAudio + (reasoningIsOutside ? 0 : reasoningTokens);
  if (insideCompletion > written) return unusable("reasoning and audio tokens exceed completion_tokens");

  // Audio and images may be counted as cached as well; what is left for them is what keeps the meters disjoint.
  const uncached = cacheIsOutside ? prompt : prompt - cached - cacheWrites;
  const audioInput = audioIsOutside ? promptAudio : Math.min(promptAudio, uncached);
  const imageInput = Math.min(promptImage, uncached - (audioIsOutside ? 0 : audioInput));
  const usage = withoutZeros({
    input: uncached - (audioIsOutside ? 0 : audioInput) - imageInput + citations,
    cached_input: cached,
    cache_write_5m: cacheCreation,
    cache_write_30m: cacheWrite,
    audio_input: audioInput,
    image_input: imageInput,
    output: written - insideCompletion,
    reasoning: reasoningTokens,
    audio_output: completionAudio,
    search_units: searches,
  });
  return { kind: "usable", usage, warnings };
}

/** What was searched for the answer, which costs a fee of its own: xAI tells the sources, OpenRouter its searches. */
function readSearches(raw: Fields, counts: CountReader): number {
  const requests = ["server_tool_use", "server_tool_use_details"].map((name) =>
    counts.optional(counts.details(raw, name), "web_search_requests"),
  );
  return Math.max(counts.optional(raw, "num_sources_used"), ...requests);
}

/** By the costs that the vendor tells; where it tells none, by the reasoning that only deep research counts. */
function areCitationsBilled({ cost, reasoning_tokens: reasoning }: Fields): boolean {
  return isFields(cost) ? typeof cost["citation_tokens_cost"] === "number" : tokenCount(reasoning) !== null;
}

/** Whether a report tells of fewer tokens than one before it: both come from a server that reports growing figures. */
export function isLessUsage(reading: UsageReading, known: UsageReading | null): boolean {
  return reading.kind === "usable" && known?.kind === "usable" && tokensOf(reading.usage) < tokensOf(known.usage);
}

function tokensOf(usage: Usage): number {
  return totalQuantity(usage, inputTokenMeters) + totalQuantity(usage, outputTokenMeters);
}

/** Reads counts and remembers the first that is none. */
class CountReader {
  problem: string | null = null;

  required(fields: Fields, name: string): number {
    const value = fields[name];
    return value === undefined || value === null ? this.#refuse(`${name} is missing`) : this.#count(value, name);
  }

  optional(fields: Fields, name: string): number {
    return this.optionalOrNull(fields, name) ?? 0;
  }

  optionalOrNull(fields: Fields, name: string): number | null {
    const value = fields[name];
    return value === undefined || value === null ? null : this.#count(value, name);
  }

  details(fields: Fields, name: string): Fields {
    const value = fields[name];
    if (value === undefined || value === null) return {};
    if (isFields(value)) return value;
    this.#refuse(`${name} is not an object`);
    return {};
  }

  #count(value: unknown, name: string): number {
    return tokenCount(value) ?? this.#refuse(`${name} is not a count of tokens`);
  }

  #refuse(problem: string): number {
    this.problem ??= problem;
    return 0;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A loop, because it runs for every call and lists of entries would cost more than the reading of the figures. */
function withoutZeros(usage: Usage): Usage {
  const counted: Record<string, number> = {};
  for (const meter in usage) {
    const quantity = usage[meter as keyof Usage] ?? 0;
    if (quantity > 0) counted[meter] = quantity;
  }
  return counted;
}

function unusable(problem: string): UsageReading {
  return { kind: "unusable", problem };
}
