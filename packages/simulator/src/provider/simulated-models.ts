import { seedWords, type SeedWords } from "../text/seed-words.ts";

const MOST_MODELS = 10_000;

/** One model of one provider, as far as the simulator has met it. */
export interface SimulatedModel {
  /** Hash of the seed, the provider and the model. */
  readonly seed: SeedWords;
  /** Calls served so far; the only state that draws depend on. */
  calls: number;
}

/** The models that have been called. Every name is a model, up to 10,000 of them, so memory stays bounded. */
export class SimulatedModels {
  readonly #seed: string;
  readonly #byProvider = new Map<string, Map<string, SimulatedModel>>();
  #size = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The model, met now for the first time or before; undefined when there are too many already. */
  find(provider: string, name: string): SimulatedModel | undefined {
    const known = this.#byProvider.get(provider)?.get(name);
    if (known !== undefined || this.#size >= MOST_MODELS) return known;
    const model: SimulatedModel = { seed: seedWords(this.#seed, provider, name), calls: 0 };
    const models = this.#byProvider.get(provider) ?? new Map<string, SimulatedModel>();
    this.#byProvider.set(provider, models.set(name, model));
    this.#size += 1;
    return model;
  }

  /** Starts all call counts anew. */
  reset(): void {
    this.#byProvider.clear();
    this.#size = 0;
  }
}
