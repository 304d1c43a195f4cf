import type { AnswerPlan } from "../behaviour/plan-call.ts";
import { composeJson } from "../text/compose-json.ts";
import type { Corpus } from "../text/corpus.ts";
import { countTokens, endOfTokens } from "../text/count-tokens.ts";
import type { Dice } from "../text/dice.ts";
import type { Answer, AnswerChoice, ChoiceContent, FinishCause, GenerationRequest } from "./answer.ts";
import { inputCounts } from "./token-counts.ts";

/** What a model thinks that was told to in the prompt, where its behaviour says nothing. */
const MARKED_REASONING_TOKENS = 24;
const REFUSAL = "I'm sorry, but I can't help with that request.";

/** A choice before the caller's limit is applied. */
interface Draft {
  readonly content: ChoiceContent;
  readonly tokens: number;
}

/**
 * The answer of the simulated model: the same request, plan and dice give the same answer, token for token.
 * Reasoning comes first and counts against the caller's limit; a choice that reaches the limit finishes with "length".
 */
export function composeAnswer(
  request: GenerationRequest,
  inputTokens: number,
  plan: AnswerPlan,
  dice: Dice,
  corpus: Corpus,
): Answer {
  const limit = request.outputTokenLimit ?? Number.POSITIVE_INFINITY;
  const wantedReasoning = request.marks.thinks ? plan.reasoningTokens || MARKED_REASONING_TOKENS : plan.reasoningTokens;
  const reasoningTokens = Math.min(wantedReasoning, limit);
  const choices: AnswerChoice[] = [];
  let output = 0;
  for (let index = 0; index < request.choices; index += 1) {
    const draft = draftChoice(request, plan, dice, corpus);
    const { choice, tokens } = applyLimit(draft, plan, limit - reasoningTokens);
    choices.push(choice);
    output += tokens;
  }
  const tokens = {
    ...inputCounts(inputTokens, plan.cachedTokensShare),
    output,
    reasoning: reasoningTokens * request.choices,
  };
  return { choices, tokens };
}

function draftChoice(request: GenerationRequest, plan: AnswerPlan, dice: Dice, corpus: Corpus): Draft {
  if (plan.shape === "empty") return draft({ kind: "text", text: "" });
  if (plan.shape === "refusal" || request.marks.refuses) return draft({ kind: "refusal", text: REFUSAL });
  if (plan.text !== undefined) return draft({ kind: "text", text: plan.text });
  if (request.toolToCall !== undefined) {
    const { name, argumentsSchema } = request.toolToCall;
    const text = JSON.stringify(composeJson(argumentsSchema ?? { type: "object" }, dice));
    return draft({ kind: "tool_call", text, callId: `call_${dice.nextHex()}`, toolName: name });
  }
  if (request.jsonSchema !== undefined) {
    return draft({ kind: "text", text: JSON.stringify(composeJson(request.jsonSchema, dice)) });
  }
  const tokens = dice.nextInteger(plan.outputTokens.min, plan.outputTokens.max);
  return { content: { kind: "text", text: corpus.compose(tokens, dice) }, tokens };
}

function draft(content: ChoiceContent): Draft {
  return { content, tokens: countTokens(content.text) };
}

function applyLimit(
  { content, tokens: wanted }: Draft,
  plan: AnswerPlan,
  limit: number,
): { choice: AnswerChoice; tokens: number } {
  // The filter steps in half-way; what was generated until then has been sent and is billed.
  const allowed = plan.shape === "content_filter" ? Math.min(limit, Math.ceil(wanted / 2)) : limit;
  const finish = finishOf(content, plan, wanted > limit);
  if (wanted <= allowed) return { choice: { content, finish }, tokens: wanted };
  const text = content.text.slice(0, endOfTokens(content.text, 0, allowed));
  return { choice: { content: { ...content, text }, finish }, tokens: allowed };
}

function finishOf(content: ChoiceContent, plan: AnswerPlan, isLimited: boolean): FinishCause {
  if (plan.shape === "content_filter") return "content_filter";
  if (isLimited) return "length";
  return content.kind === "tool_call" ? "tool_call" : "stop";
}
