/**
 * What a provider bills, in four meters that never overlap:
 * `input` is read at full price, `cachedInput` came from the prompt cache, `output` is what the caller can see,
 * `reasoning` is generated but hidden. All input = input + cachedInput; all generated = output + reasoning.
 */
export interface TokenCounts {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly reasoning: number;
}

export const NO_TOKENS: TokenCounts = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };

/** Splits the prompt's tokens into fresh and cached ones; the cached part is rounded down. */
export function inputCounts(inputTokens: number, cachedShare: number): TokenCounts {
  const cachedInput = Math.floor(inputTokens * cachedShare);
  return { input: inputTokens - cachedInput, cachedInput, output: 0, reasoning: 0 };
}

/**
 * What was used when generation stopped after `generatedTokens` of a full answer: all of its input, and its reasoning
 * before its output, since a model thinks first.
 */
export function countsAfter(full: TokenCounts, generatedTokens: number): TokenCounts {
  const reasoning = Math.min(generatedTokens, full.reasoning);
  return { ...full, reasoning, output: Math.min(generatedTokens - reasoning, full.output) };
}
