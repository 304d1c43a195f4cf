/** What families of models take (wire formats 2 and 3.3). The first rule that matches a model's id applies. */
export interface ModelRule {
  readonly models: RegExp;
  /** `one_of_two`: temperature or top_p, not both; `fixed`: neither may be sent. */
  readonly sampling: "free" | "one_of_two" | "fixed";
  /** How thinking is asked for: not at all, by a budget of tokens, or by an effort. */
  readonly thinking: "none" | "budget" | "effort";
  /** How thinking is switched off where `disabled` is refused: by thinking between calls alone, or not at all. */
  readonly withoutThinking?: "between_tools" | "never";
  /** A tool cannot be demanded of the family. */
  readonly refusesForcedTools?: true;
  /** Thoughts come without their words unless they are asked for. */
  readonly omitsThoughts?: true;
  /** The effort between `high` and `max` is known to the family. */
  readonly hasExtraHigh?: true;
  /** Whether the last message may be the beginning of the answer. */
  readonly prefill: boolean;
  /** The most that any model of the family surely writes: sent where the catalogue has no limit of the model. */
  readonly outputTokens: number;
}

const latest = {
  sampling: "fixed",
  thinking: "effort",
  omitsThoughts: true,
  hasExtraHigh: true,
  prefill: false,
  outputTokens: 64_000,
} as const;

const rules: readonly ModelRule[] = [
  {
    models: /claude-(?:2|v1|instant|3-(?:opus|sonnet|haiku))/,
    sampling: "free",
    thinking: "none",
    prefill: true,
    outputTokens: 4_096,
  },
  { models: /claude-3-5/, sampling: "free", thinking: "none", prefill: true, outputTokens: 8_192 },
  { models: /claude-opus-4-(?:0|2025)/, sampling: "free", thinking: "budget", prefill: true, outputTokens: 32_000 },
  { models: /claude-opus-4-1/, sampling: "one_of_two", thinking: "budget", prefill: true, outputTokens: 32_000 },
  {
    models: /claude-(?:3-7|sonnet-4-(?:0|2025))/,
    sampling: "free",
    thinking: "budget",
    prefill: true,
    outputTokens: 64_000,
  },
  {
    models: /claude-(?:opus|sonnet|haiku)-4-5/,
    sampling: "one_of_two",
    thinking: "budget",
    prefill: true,
    outputTokens: 64_000,
  },
  {
    models: /claude-(?:opus|sonnet|haiku)-4-6/,
    sampling: "one_of_two",
    thinking: "effort",
    prefill: false,
    outputTokens: 64_000,
  },
  {
    ...latest,
    models: /claude-(?:opus-5-5|(?:fable|mythos)-5-\d)/,
    withoutThinking: "never",
    refusesForcedTools: true,
  },
  { ...latest, models: /claude-(?:fable|mythos|haiku-5-5)/, withoutThinking: "never" },
  { ...latest, models: /claude-sonnet-5-5/, withoutThinking: "between_tools" },
  { ...latest, models: /claude/ },
];

/** Models of other names are served behind the same API: they are asked for no more than any of them takes. */
const unknownModel: ModelRule = {
  models: /(?:)/,
  sampling: "free",
  thinking: "none",
  prefill: true,
  outputTokens: 4_096,
};

export function modelRule(model: string): ModelRule {
  return rules.find(({ models }) => models.test(model)) ?? unknownModel;
}

/** OpenAI's efforts as Anthropic's, and as budgets for models that take no effort; null switches thinking off. */
export const efforts: { readonly [effort: string]: { readonly effort: string; readonly budgetTokens: number } | null } =
  {
    none: null,
    minimal: { effort: "low", budgetTokens: 1_024 },
    low: { effort: "low", budgetTokens: 2_048 },
    medium: { effort: "medium", budgetTokens: 8_192 },
    high: { effort: "high", budgetTokens: 16_384 },
    xhigh: { effort: "max", budgetTokens: 24_576 },
    max: { effort: "max", budgetTokens: 32_000 },
  };
