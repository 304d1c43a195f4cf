import { type BehaviourStore, WILDCARD } from "../behaviour/behaviour-store.ts";

const BUILT_IN_MODELS = ["sim-large", "sim-small", "sim-embeddings"];

/** What a provider says it has: the built-in models and those that a behaviour names. Any other name works too. */
export function listModels(provider: string, behaviours: BehaviourStore): string[] {
  const named = behaviours
    .list()
    .filter((active) => (active.provider === provider || active.provider === WILDCARD) && active.model !== WILDCARD)
    .map(({ model }) => model);
  return [...new Set([...BUILT_IN_MODELS, ...named])];
}
