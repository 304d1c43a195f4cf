/** Gemini's usage into disjoint meters: cached tokens are inside the prompt, thoughts beside the candidates. */
import type { Usage } from "@switchyard/metering/meters";
import { fieldsIn } from "../events/read-citation.ts";
import { isFields } from "../json/field-reader.ts";
import type { UsageReading } from "../provider-codec.ts";
import { tokenCount } from "../usage/token-count.ts";

type Fields = Readonly<Record<string, unknown>>;

const names = [
  "promptTokenCount",
  "cachedContentTokenCount",
  "toolUsePromptTokenCount",
  "candidatesTokenCount",
  "thoughtsTokenCount",
  "totalTokenCount",
] as const;

/** Vertex AI tells the tier by the kind of traffic that a call was; the other kinds are no matter of price lists. */
const tierOfTraffic: { readonly [trafficType: string]: string } = {
  ON_DEMAND_FLEX: "flex",
  ON_DEMAND_PRIORITY: "priority",
};

/**
 * Usage of one answer. Streams repeat their figures, and correct them as they go: of each the latest that was told counts,
 * since not every report tells all.
 */
export class GeminiUsage {
  /** By which prices the call is billed; null while nothing was told. */
  serviceTier: string | null = null;
  readonly #counts = new Map<string, number>();
  #audioInput = 0;
  #audioOutput = 0;
  #imageOutput = 0;
  #problem: string | null = null;

  /** Takes a `usageMetadata`. */
  add(raw: unknown): void {
    if (raw === undefined || raw === null) return;
    if (!isFields(raw)) {
      this.#problem ??= "usageMetadata is not an object";
      return;
    }
    this.serviceTier = readServiceTier(raw) ?? this.serviceTier;
    for (const name of names) {
      const value = this.#count(raw, name);
      if (value !== null) this.#counts.set(name, value);
    }
    this.#audioInput = this.#countOf("AUDIO", raw["promptTokensDetails"]) ?? this.#audioInput;
    this.#audioOutput = this.#countOf("AUDIO", raw["candidatesTokensDetails"]) ?? this.#audioOutput;
    this.#imageOutput = this.#countOf("IMAGE", raw["candidatesTokensDetails"]) ?? this.#imageOutput;
  }

  /** Null while nothing was told that could be billed by. */
  reading(): UsageReading | null {
    if (this.#problem !== null) return { kind: "unusable", problem: this.#problem };
    const prompt = this.#counts.get("promptTokenCount");
    if (prompt === undefined) return null;
    const [cached, toolUse, candidates, thoughts] = names.slice(1, 5).map((name) => this.#counts.get(name) ?? 0) as [
      number,
      number,
      number,
      number,
    ];
    if (cached > prompt) return { kind: "unusable", problem: "cachedContentTokenCount exceeds promptTokenCount" };
    const sum = prompt + toolUse + candidates + thoughts;
    const total = this.#counts.get("totalTokenCount") ?? sum;
    const warnings = total === sum ? [] : [`totalTokenCount is ${total}, but its parts add up to ${sum}`];
    const audioInput = Math.min(this.#audioInput, prompt - cached);
    const audioOutput = Math.min(this.#audioOutput, candidates);
    const imageOutput = Math.min(this.#imageOutput, candidates - audioOutput);
    const usage: Usage = {
      input: prompt - cached - audioInput + toolUse,
      cached_input: cached,
      audio_input: audioInput,
      output: candidates - audioOutput - imageOutput,
      reasoning: thoughts,
      audio_output: audioOutput,
      image_output: imageOutput,
    };
    return { kind: "usable", usage: withoutZeros(usage), warnings };
  }

  /** The tokens of one modality; null where they are not told apart. */
  #countOf(modality: string, details: unknown): number | null {
    const detail = fieldsIn(details).find((told) => told["modality"] === modality);
    return detail === undefined ? null : this.#count(detail, "tokenCount");
  }

  #count(from: Fields, name: string): number | null {
    const value = from[name];
    if (value === undefined || value === null) return null;
    const count = tokenCount(value);
    if (count === null) this.#problem ??= `${name} is not a count of tokens`;
    return count;
  }
}

function readServiceTier({ serviceTier, trafficType }: Fields): string | null {
  if (typeof serviceTier === "string") return serviceTier.toLowerCase();
  return typeof trafficType === "string" && Object.hasOwn(tierOfTraffic, trafficType)
    ? (tierOfTraffic[trafficType] ?? null)
    : null;
}

function withoutZeros(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, quantity]) => quantity > 0));
}
