/** Servers that are told by members of their own whether to think and for how long, where OpenAI's say `reasoning_effort`. */
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";

export interface ThinkingSwitch {
  /** The member that is true or false. */
  readonly switchMember: string;
  /** The member that holds the most tokens to think with. */
  readonly budgetMember: string;
  /** Tokens, by effort. */
  readonly budgets: { readonly [effort: string]: number };
  /** By the server's name of the model; the first match applies. Of other models the effort passes as it is. */
  readonly rules: readonly ThinkingRule[];
}

interface ThinkingRule {
  readonly models: RegExp;
  readonly thinks: "never" | "if_switched" | "always";
  readonly hasBudget: boolean;
  /** Whether it thinks before a whole answer too, and not in streams alone. */
  readonly inWholeAnswers: boolean;
}

const caps = ["max_tokens", "max_completion_tokens"] as const;

/** JSON texts by member, null for one to leave out: what says the same as `reasoning_effort`. Empty where that passes. */
export function thinkingMembers(
  { parsed, changes }: Pick<RequestToEncode, "parsed" | "changes">,
  thinking: ThinkingSwitch | null,
  notes: TranslationNotes,
): ReadonlyMap<string, Uint8Array | null> {
  const members = new Map<string, Uint8Array | null>();
  const { reasoning_effort: effort } = parsed;
  const rule = thinking?.rules.find(({ models }) => models.test(changes.model));
  if (thinking === null || rule === undefined || effort === undefined || effort === null) return members;
  const { switchMember, budgetMember, budgets } = thinking;
  members.set("reasoning_effort", null);
  // Who writes for this server knows best.
  if (Object.hasOwn(parsed, switchMember) || Object.hasOwn(parsed, budgetMember)) {
    notes.warn("reasoning_effort", "dropped");
    return members;
  }
  if (effort === "none") {
    if (rule.thinks === "always") notes.reject("reasoning_effort", `'reasoning_effort' of 'none' for ${changes.model}`);
    if (rule.thinks === "if_switched") members.set(switchMember, encodeUtf8("false"));
    return members;
  }
  const wanted = typeof effort === "string" && Object.hasOwn(budgets, effort) ? budgets[effort] : undefined;
  if (wanted === undefined) {
    notes.refuse("reasoning_effort", `'reasoning_effort' must be one of none, ${Object.keys(budgets).join(", ")}.`);
    return members;
  }
  // Thoughts are paid for as output, so that they must leave room for an answer within what is allowed.
  const budget = Math.min(wanted, Math.floor(outputCap(parsed, changes.outputTokensCap) / 2));
  const canBeTold = rule.thinks === "if_switched" || rule.hasBudget;
  if (!canBeTold || budget < 1 || (parsed["stream"] !== true && !rule.inWholeAnswers)) {
    notes.warn("reasoning_effort", "dropped");
    return members;
  }
  if (rule.thinks === "if_switched") members.set(switchMember, encodeUtf8("true"));
  if (rule.hasBudget) members.set(budgetMember, encodeUtf8(String(budget)));
  return members;
}

function outputCap(parsed: RequestToEncode["parsed"], allowed: number | null): number {
  const asked = caps.map((name) => parsed[name]).filter((cap) => typeof cap === "number");
  return Math.min(allowed ?? Infinity, ...asked);
}
