/** Servers that are told by members of their own whether to think and for how long, where OpenAI's say `reasoning_effort`. */
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";

export interface ThinkingSwitch {
  /** The member that is true or false. */
  readonly switchMember: string;
  /** The member that holds the most tokens to think with. */
  readonly budgetMember: string;
  /** The member that holds the most tokens to answer with: thoughts are not counted against it. */
  readonly answerCapMember: "max_tokens";
  /** Tokens, by effort. */
  readonly budgets: { readonly [effort: string]: number };
  /** By the server's name of the model; the first match applies. Of other models the effort passes as it is. */
  readonly rules: readonly ThinkingRule[];
}

interface ThinkingRule {
  readonly models: RegExp;
  readonly thinks: "never" | "if_switched" | "unless_switched" | "always";
  readonly hasBudget: boolean;
  /** Whether it thinks before a whole answer too, and not in streams alone. */
  readonly inWholeAnswers: boolean;
}

type Request = Pick<RequestToEncode, "parsed" | "changes">;
/** JSON texts by member, null for one to leave out. */
type Members = Map<string, Uint8Array | null>;

/** A token to think with and one to answer with. */
const leastToShare = 2;
const caps = ["max_tokens", "max_completion_tokens"] as const;

/**
 * What says the same as `reasoning_effort`, and what keeps thoughts and answer together within the output that is allowed.
 * Empty where the request passes as it is.
 */
export function thinkingMembers(
  request: Request,
  thinking: ThinkingSwitch | null,
  notes: TranslationNotes,
): ReadonlyMap<string, Uint8Array | null> {
  const members: Members = new Map();
  const { parsed, changes } = request;
  const rule = thinking?.rules.find(({ models }) => models.test(changes.model));
  if (thinking === null || rule === undefined) return members;
  const { switchMember, budgetMember } = thinking;
  // Who writes for this server knows best.
  const isToldByClient = Object.hasOwn(parsed, switchMember) || Object.hasOwn(parsed, budgetMember);
  const { reasoning_effort: effort } = parsed;
  if (effort === undefined || effort === null) {
    if (isToldByClient || changes.outputTokensCap !== null) limitThoughts(request, thinking, rule, members);
    else if (isRefusedUnasked(request, rule)) members.set(switchMember, encodeUtf8("false"));
    return members;
  }
  members.set("reasoning_effort", null);
  if (isToldByClient) {
    notes.warn("reasoning_effort", "dropped");
    limitThoughts(request, thinking, rule, members);
  } else tellEffort(request, effort, thinking, rule, members, notes);
  return members;
}

function tellEffort(
  request: Request,
  effort: unknown,
  thinking: ThinkingSwitch,
  rule: ThinkingRule,
  members: Members,
  notes: TranslationNotes,
): void {
  const { parsed, changes } = request;
  const { switchMember, budgets } = thinking;
  const canBeSwitched = rule.thinks === "if_switched" || rule.thinks === "unless_switched";
  if (effort === "none") {
    if (rule.thinks === "always") notes.reject("reasoning_effort", `'reasoning_effort' of 'none' for ${changes.model}`);
    if (canBeSwitched) members.set(switchMember, encodeUtf8("false"));
    return;
  }
  const wanted = typeof effort === "string" && Object.hasOwn(budgets, effort) ? budgets[effort] : undefined;
  if (wanted === undefined) {
    notes.refuse("reasoning_effort", `'reasoning_effort' must be one of none, ${Object.keys(budgets).join(", ")}.`);
    return;
  }
  const canThink = (canBeSwitched || rule.hasBudget) && (parsed["stream"] === true || rule.inWholeAnswers);
  const cap = Math.min(changes.outputTokensCap ?? Infinity, askedCap(request));
  if (!canThink || cap < leastToShare) {
    notes.warn("reasoning_effort", "dropped");
    if (isRefusedUnasked(request, rule)) members.set(switchMember, encodeUtf8("false"));
    return;
  }
  if (canBeSwitched) members.set(switchMember, encodeUtf8("true"));
  shareOutput(cap, wanted, thinking, rule, members);
}

/** Thoughts of which nothing was said, or that the client asked for in the server's own words. */
function limitThoughts(request: Request, thinking: ThinkingSwitch, rule: ThinkingRule, members: Members): void {
  const { parsed, changes } = request;
  const { switchMember, budgetMember } = thinking;
  const budget = parsed[budgetMember];
  const wanted = typeof budget === "number" ? budget : Infinity;
  if (!thinksUnasked(request, thinking, rule)) {
    if (isRefusedUnasked(request, rule) && !Object.hasOwn(parsed, switchMember)) {
      members.set(switchMember, encodeUtf8("false"));
    }
    return;
  }
  const allowed = changes.outputTokensCap ?? Infinity;
  const asked = askedCap(request) + wanted;
  if (asked <= allowed) return;
  if (allowed >= leastToShare) shareOutput(allowed, wanted, thinking, rule, members);
  else if (rule.thinks !== "always") members.set(switchMember, encodeUtf8("false"));
}

/** Whether it thinks, as far as the client's own words for this server go. */
function thinksUnasked(
  { parsed }: Request,
  thinking: ThinkingSwitch,
  { thinks, inWholeAnswers }: ThinkingRule,
): boolean {
  if (thinks === "never" || thinks === "always") return thinks === "always";
  const told = parsed[thinking.switchMember];
  if (typeof told === "boolean") return told;
  if (parsed["stream"] !== true && !inWholeAnswers) return false;
  return thinks === "unless_switched" || typeof parsed[thinking.budgetMember] === "number";
}

/** Servers refuse a whole answer of models that would think before it, unless they are told not to. */
function isRefusedUnasked({ parsed }: Request, { thinks, inWholeAnswers }: ThinkingRule): boolean {
  return thinks === "unless_switched" && !inWholeAnswers && parsed["stream"] !== true;
}

/**
 * Thoughts are paid for as output, and clients that name a cap mean both: of what is allowed they get as much as they want,
 * and half of it at most; the answer gets the rest.
 */
function shareOutput(
  cap: number,
  wanted: number,
  { budgetMember, answerCapMember }: ThinkingSwitch,
  { hasBudget }: ThinkingRule,
  members: Members,
): void {
  if (!hasBudget) return;
  const budget = Math.min(wanted, Math.floor(cap / 2));
  if (budget !== Infinity) members.set(budgetMember, encodeUtf8(String(budget)));
  if (cap !== Infinity) members.set(answerCapMember, encodeUtf8(String(cap - budget)));
}

function askedCap({ parsed }: Request): number {
  return Math.min(Infinity, ...caps.map((name) => parsed[name]).filter((cap) => typeof cap === "number"));
}
