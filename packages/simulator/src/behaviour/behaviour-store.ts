import type { Behaviour } from "./behaviour.ts";

/** Stands for "every provider" or "every model" where a behaviour is set. */
export const WILDCARD = "*";

const MOST_BEHAVIOURS = 10_000;

/** A behaviour in force, with the calls it has served since it was set. */
export interface ActiveBehaviour {
  readonly provider: string;
  readonly model: string;
  readonly behaviour: Behaviour;
  calls: number;
}

/**
 * The behaviours in force. For a call the most specific one applies, alone: provider and model, then the provider with
 * any model, then the model at any provider, then everything; a behaviour inherits nothing from a wider one.
 */
export class BehaviourStore {
  readonly #byProvider = new Map<string, Map<string, ActiveBehaviour>>();
  #size = 0;

  /** Puts a behaviour in force and starts its call count anew. False when the store is full. */
  set(provider: string, model: string, behaviour: Behaviour): boolean {
    const isNew = this.get(provider, model) === undefined;
    if (isNew && this.#size >= MOST_BEHAVIOURS) return false;
    let byModel = this.#byProvider.get(provider);
    if (byModel === undefined) {
      byModel = new Map();
      this.#byProvider.set(provider, byModel);
    }
    byModel.set(model, { provider, model, behaviour, calls: 0 });
    if (isNew) this.#size += 1;
    return true;
  }

  /** The behaviour set for exactly this provider and model (which may be wildcards). */
  get(provider: string, model: string): ActiveBehaviour | undefined {
    return this.#byProvider.get(provider)?.get(model);
  }

  /** Takes a behaviour out of force; false when there was none. */
  delete(provider: string, model: string): boolean {
    const byModel = this.#byProvider.get(provider);
    if (byModel === undefined || !byModel.delete(model)) return false;
    if (byModel.size === 0) this.#byProvider.delete(provider);
    this.#size -= 1;
    return true;
  }

  clear(): void {
    this.#byProvider.clear();
    this.#size = 0;
  }

  list(): ActiveBehaviour[] {
    return [...this.#byProvider.values()].flatMap((byModel) => [...byModel.values()]);
  }

  /** The behaviour that applies to a call of this provider and model; undefined means a healthy, instant provider. */
  resolve(provider: string, model: string): ActiveBehaviour | undefined {
    if (this.#size === 0) return undefined;
    return (
      this.get(provider, model) ??
      this.get(provider, WILDCARD) ??
      this.get(WILDCARD, model) ??
      this.get(WILDCARD, WILDCARD)
    );
  }
}
