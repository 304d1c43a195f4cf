/** Gemini's usage into disjoint meters: cached tokens are inside the prompt, thoughts beside the candidates. */
import type { Usage } from "@switchyard/metering/meters";
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

/** Usage of one answer. Streams repeat growing figures, some of them only at the end: the largest of each counts. */
export class GeminiUsage {
  readonly #counts = new Map<string, number>();
  #audioInput = 0;
  #problem: string | null = null;

  /** Takes a `usageMetadata`. */
  add(raw: unknown): void {
    if (raw === undefined || raw === null) return;
    if (!isFields(raw)) {
      this.#problem ??= "usageMetadata is not an object";
      return;
    }
    for (const name of names) {
      const value = this.#count(raw, name);
      if (value !== null) this.#counts.set(name, Math.max(value, this.#counts.get(name) ?? 0));
    }
    const details: readonly unknown[] = Array.isArray(raw["promptTokensDetails"]) ? raw["promptTokensDetails"] : [];
    for (const detail of details) {
      if (isFields(detail) && detail["modality"] === "AUDIO") this.#audioInput = this.#count(detail, "tokenCount") ?? 0;
    }
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
    const usage: Usage = {
      input: prompt - cached - audioInput + toolUse,
      cached_input: cached,
      audio_input: audioInput,
      output: candidates,
      reasoning: thoughts,
    };
    return { kind: "usable", usage: withoutZeros(usage), warnings };
  }

  #count(from: Fields, name: string): number | null {
    const value = from[name];
    if (value === undefined || value === null) return null;
    const count = tokenCount(value);
    if (count === null) this.#problem ??= `${name} is not a count of tokens`;
    return count;
  }
}

function withoutZeros(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, quantity]) => quantity > 0));
}
