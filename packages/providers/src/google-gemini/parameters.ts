import { translatedParameters } from "../parameters/translated-request.ts";

/** As its own error says it. Longer names, which Vertex AI takes by now, are not taken by all models. */
const toolNames = { allowed: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/, longest: 64 };

export const geminiParameters = translatedParameters({
  toolNames,
  missing: { parallel_tool_calls: "reject" },
  translated: ["seed", "presence_penalty", "frequency_penalty", "n", "logprobs", "top_logprobs"],
});

/** OpenAI's spelling of generation settings that are plain numbers. */
export const numberSettings: { readonly [parameter: string]: string } = {
  temperature: "temperature",
  top_p: "topP",
  top_k: "topK",
  seed: "seed",
  presence_penalty: "presencePenalty",
  frequency_penalty: "frequencyPenalty",
};

export const mostStopSequences = 5;

/** How families of models think: by level, by a budget of tokens, or not at all; the first match applies. */
export const thinkingRules: readonly {
  readonly models: RegExp;
  readonly by: "level" | "budget" | "none";
  readonly canBeOff: boolean;
  /** Of those who think by level: what is sent instead of a level that the family refuses. */
  readonly instead?: { readonly [level: string]: string };
}[] = [
  { models: /gemini-2\.5-pro/, by: "budget", canBeOff: false },
  { models: /gemini-2\.5/, by: "budget", canBeOff: true },
  { models: /gemini-3-pro/, by: "level", canBeOff: false, instead: { MINIMAL: "LOW", MEDIUM: "HIGH" } },
  { models: /gemini-3(?:\.[15])?-flash/, by: "level", canBeOff: false },
  { models: /gemini-(?:[3-9]|\d\d)/, by: "level", canBeOff: false, instead: { MINIMAL: "LOW" } },
  { models: /(?:)/, by: "none", canBeOff: true },
];

export const efforts: {
  readonly [effort: string]: { readonly thinkingLevel: string; readonly thinkingBudget: number };
} = {
  minimal: { thinkingLevel: "MINIMAL", thinkingBudget: 512 },
  low: { thinkingLevel: "LOW", thinkingBudget: 1_024 },
  medium: { thinkingLevel: "MEDIUM", thinkingBudget: 8_192 },
  high: { thinkingLevel: "HIGH", thinkingBudget: 24_576 },
  xhigh: { thinkingLevel: "HIGH", thinkingBudget: 24_576 },
  max: { thinkingLevel: "HIGH", thinkingBudget: 24_576 },
};
