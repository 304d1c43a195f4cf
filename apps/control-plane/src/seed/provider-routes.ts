/** For accounts whose key is in the environment of the first run: which models get a route of their own name. */
export const firstModelsByKind: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["claude-opus-5", "claude-sonnet-5", "claude-haiku-4-5"],
  openai: ["gpt-5", "gpt-5-mini", "gpt-4.1", "gpt-4.1-mini", "text-embedding-3-small"],
};
