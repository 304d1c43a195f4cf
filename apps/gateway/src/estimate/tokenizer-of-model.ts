export type Encoding = "o200k_base" | "cl100k_base";

export interface Tokenizer {
  readonly encoding: Encoding;
  /** False where the model's own tokenizer is not public, and this one stands in for it. */
  readonly isOwn: boolean;
}

// As OpenAI's tiktoken assigns them (openai/tiktoken, model.py). A fine-tuned model keeps its base model's encoding.
const olderModels = /^(?:ft:)?(?:gpt-4(?![o.\d])|gpt-3\.5|gpt-35|text-embedding-)/;
const newerModels = /^(?:ft:)?(?:gpt-|chatgpt-|o\d)/;

/** Which public tokenizer counts a model's input, by the id that the provider knows the model by. */
export function tokenizerOfModel(providerModel: string): Tokenizer {
  const name = providerModel.slice(providerModel.lastIndexOf("/") + 1);
  if (olderModels.test(name)) return { encoding: "cl100k_base", isOwn: true };
  return { encoding: "o200k_base", isOwn: newerModels.test(name) };
}
