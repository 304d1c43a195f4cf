import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { ModelRule } from "./model-rules.ts";

type Fields = Readonly<Record<string, unknown>>;

const parameters = ["temperature", "top_p", "top_k"] as const;
export type Sampling = Partial<Record<(typeof parameters)[number], number>>;
const hottest = 1;

/** Temperature and its kin, as far as the model takes them. They are hints: what it does not take is left out. */
export function encodeSampling(
  parsed: Fields,
  rule: ModelRule,
  isThinking: boolean,
  notes: TranslationNotes,
): Sampling {
  const sampling: Sampling = {};
  for (const parameter of parameters) {
    const value = parsed[parameter];
    if (typeof value !== "number") continue;
    // Thinking runs at the model's own temperature.
    const isBarred = rule.sampling === "fixed" || isThinking;
    const isSecond = rule.sampling === "one_of_two" && parameter === "top_p" && sampling.temperature !== undefined;
    if (isBarred || isSecond) notes.warn(parameter, "dropped");
    else sampling[parameter] = value;
  }
  if (sampling.temperature !== undefined && sampling.temperature > hottest) {
    sampling.temperature = hottest;
    notes.warn("temperature", `clamped to ${hottest}`);
  }
  return sampling;
}
