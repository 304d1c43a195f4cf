/** Whether an answer that came is good enough. Pure: the same answer and standard give the same flaw. */
import type { Verdict } from "@switchyard/metering/usage-event";
import type { Escalation, EscalationOutcome } from "../routing/route-plan.ts";
import type { AnswerValidation } from "./answer-rules.ts";
import { checkSchema } from "./json-schema.ts";

/** The form that a request asked its answer to have. */
export type AnswerForm = { readonly kind: "json" } | { readonly kind: "schema"; readonly schema: unknown };

export interface WholeAnswer {
  /** What each of the answers says, without reasoning. */
  readonly texts: readonly string[];
  readonly callsTools: boolean;
  /** Mean natural logarithm of its tokens' probabilities; null where the provider did not tell. */
  readonly meanLogprob: number | null;
  readonly verdict: Verdict;
  readonly isEmpty: boolean;
  /** It ended because no more tokens were allowed, and not by the cap that the client set. */
  readonly isCutShort: boolean;
}

export interface AnswerFlaw {
  readonly outcome: EscalationOutcome;
  /** To be read after "its answer". */
  readonly what: string;
}

/** The standard that a route's validation sets. */
export function standardOf({ refusals }: AnswerValidation): Escalation {
  const outcomes: EscalationOutcome[] = ["invalid", "truncated"];
  if (refusals) outcomes.push("refused");
  return { outcomes, meanLogprobAtLeast: null, charactersAtLeast: null };
}

/** The first thing that is wrong with it; null where it meets the standard. */
export function findFlaw(answer: WholeAnswer, form: AnswerForm | null, standard: Escalation): AnswerFlaw | null {
  for (const outcome of standard.outcomes) {
    const what = flaws[outcome](answer, form, standard);
    if (what !== null) return { outcome, what };
  }
  return null;
}

type Flaw = (answer: WholeAnswer, form: AnswerForm | null, standard: Escalation) => string | null;

const flaws: { readonly [outcome in EscalationOutcome]: Flaw } = {
  invalid: ({ isEmpty, texts, callsTools, verdict }, form) => {
    if (isEmpty) return "was empty";
    // What was refused or cut is judged as that; a call of a tool is an answer in a form of its own.
    if (form === null || callsTools || verdict !== "complete") return null;
    return texts.map((text) => whyOutOfForm(text, form)).find((why) => why !== null) ?? null;
  },
  truncated: ({ isCutShort, verdict }) => (isCutShort || verdict === "truncated" ? "was cut short" : null),
  refused: ({ verdict }) => (verdict === "refused" ? "was a refusal" : null),
  filtered: ({ verdict }) => (verdict === "filtered" ? "was filtered" : null),
  low_confidence: ({ meanLogprob }, _form, { meanLogprobAtLeast }) =>
    meanLogprob !== null && meanLogprobAtLeast !== null && meanLogprob < meanLogprobAtLeast
      ? `had a mean log-probability of ${meanLogprob.toFixed(2)}, below ${meanLogprobAtLeast}`
      : null,
  too_short: ({ texts, callsTools }, _form, { charactersAtLeast }) => {
    if (charactersAtLeast === null || callsTools) return null;
    const shortest = Math.min(...texts.map((text) => text.trim().length));
    return shortest < charactersAtLeast ? `had ${shortest} characters, fewer than ${charactersAtLeast}` : null;
  },
};

function whyOutOfForm(text: string, form: AnswerForm): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "was not the JSON that was asked for";
  }
  if (form.kind === "json") return null;
  return checkSchema(form.schema, value) === "violated" ? "did not keep to the JSON schema" : null;
}
