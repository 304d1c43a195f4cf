/**
 * How much a model is to think, in fields of its maker's own: Converse itself has none for it, and a model refuses what it
 * does not know.
 */
import { encodeThinking } from "../anthropic/encode-thinking.ts";
import type { ModelRule } from "../anthropic/model-rules.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import { effortFields, efforts } from "./parameters.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface EncodedReasoning {
  /** Members of `additionalModelRequestFields`. */
  readonly fields: object;
  /** A model that thinks may sample in its own way alone. */
  readonly isThinking: boolean;
}

const nothing: EncodedReasoning = { fields: {}, isThinking: false };

export function encodeClaudeThinking(
  parsed: Fields,
  rule: ModelRule,
  circumstances: { readonly maxTokens: number; readonly isBarred: boolean },
  notes: TranslationNotes,
): EncodedReasoning {
  const { thinking, outputConfig, isOn } = encodeThinking(parsed, rule, circumstances, notes);
  const hasEffort = Object.keys(outputConfig).length > 0;
  const fields = { ...(thinking === null ? {} : { thinking }), ...(hasEffort ? { output_config: outputConfig } : {}) };
  return { fields, isThinking: isOn };
}

export function encodeEffort(
  { reasoning_effort: asked }: Fields,
  model: string,
  notes: TranslationNotes,
): EncodedReasoning {
  if (asked === undefined || asked === null || asked === "none") return nothing;
  const effort = typeof asked === "string" && Object.hasOwn(efforts, asked) ? efforts[asked] : undefined;
  if (effort === undefined) {
    notes.refuse("reasoning_effort", `'reasoning_effort' must be one of none, ${Object.keys(efforts).join(", ")}.`);
    return nothing;
  }
  const known = effortFields.find(({ models }) => models.test(model));
  if (known === undefined) notes.warn("reasoning_effort", "dropped");
  return known === undefined ? nothing : { fields: { [known.field]: effort }, isThinking: false };
}
