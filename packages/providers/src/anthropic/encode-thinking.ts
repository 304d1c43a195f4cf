import type { TranslationNotes } from "../parameters/translation-notes.ts";
import { efforts, type ModelRule } from "./model-rules.ts";

export interface EncodedThinking {
  readonly thinking: object | null;
  readonly outputConfig: object;
  readonly isOn: boolean;
}

interface Circumstances {
  /** Infinity where the request sets none, as some surfaces allow. */
  readonly maxTokens: number;
  /** A forced tool, or a turn of tools whose own thinking is not there any more: with thinking it would be refused. */
  readonly isBarred: boolean;
}

const off: EncodedThinking = { thinking: null, outputConfig: {}, isOn: false };
const leastBudgetTokens = 1_024;

/** `reasoning_effort`, by the means that the model has for it. */
export function encodeThinking(
  parsed: Readonly<Record<string, unknown>>,
  rule: ModelRule,
  { maxTokens, isBarred }: Circumstances,
  notes: TranslationNotes,
): EncodedThinking {
  const asked = parsed["reasoning_effort"];
  if (asked === undefined || asked === null) return off;
  if (typeof asked !== "string" || !Object.hasOwn(efforts, asked)) {
    notes.refuse("reasoning_effort", `'reasoning_effort' must be one of ${Object.keys(efforts).join(", ")}.`);
    return off;
  }
  const level = efforts[asked] ?? null;
  if (level === null) return rule.thinking === "none" ? off : switchOff(rule, notes);
  const mayThink = rule.thinking === "effort" || maxTokens > leastBudgetTokens;
  if (rule.thinking === "none" || isBarred || !mayThink) {
    notes.warn("reasoning_effort", "dropped");
    return off;
  }
  if (rule.thinking === "effort") {
    const effort = asked === "xhigh" && rule.hasExtraHigh ? asked : level.effort;
    const thinking = { type: "adaptive", ...(rule.omitsThoughts ? { display: "summarized" } : {}) };
    return { thinking, outputConfig: { effort }, isOn: true };
  }
  // The budget is part of the output, and must leave room for an answer.
  const budgetTokens = Math.min(level.budgetTokens, Math.max(leastBudgetTokens, Math.floor(maxTokens / 2)));
  return { thinking: { type: "enabled", budget_tokens: budgetTokens }, outputConfig: {}, isOn: true };
}

function switchOff(rule: ModelRule, notes: TranslationNotes): EncodedThinking {
  const type = rule.withoutThinking ?? "disabled";
  if (type !== "never") return { ...off, thinking: { type } };
  notes.reject("reasoning_effort", "'reasoning_effort' of 'none' for this model");
  return off;
}
