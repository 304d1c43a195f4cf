/** Every classifier that a route may use. A new one is a folder beside this file and a line here. */
import type { Classification, Classify, PromptSample, PromptTraits } from "./classification.ts";
import { classifyByWords } from "./words/classify.ts";

const classifiers = { words: classifyByWords } as const satisfies Record<string, Classify>;

export type ClassifierName = keyof typeof classifiers;

export function classify(by: ClassifierName, prompt: PromptSample, traits: PromptTraits): Classification {
  return { by, ...classifiers[by](prompt, traits) };
}
