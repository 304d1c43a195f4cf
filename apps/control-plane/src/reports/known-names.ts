import type { NamedId } from "@switchyard/metering/spend-row";
import type { NameOf } from "../resource-names/resource-name.repository.ts";

/** Turns ids into names, many at a time. */
export type LookUpNames = (ids: Iterable<string>) => Promise<NameOf>;

/** What the resources in a file are called, each asked for once: a resource has one name from its first row to its last. */
export class KnownNames {
  readonly #lookUp: LookUpNames;
  readonly #nameOf = new Map<string, NameOf>();
  readonly #named = new Map<string, Map<string, NamedId>>();

  constructor(lookUp: LookUpNames) {
    this.#lookUp = lookUp;
  }

  async learn(ids: Iterable<string>): Promise<void> {
    const unknown = new Set<string>();
    for (const id of ids) if (!this.#nameOf.has(id)) unknown.add(id);
    if (unknown.size === 0) return;
    const nameOf = await this.#lookUp(unknown);
    for (const id of unknown) this.#nameOf.set(id, nameOf);
  }

  /** Of what was learnt; an id stands for itself where nothing is known of it. */
  get(type: string, id: string): NamedId {
    let ofType = this.#named.get(type);
    if (ofType === undefined) this.#named.set(type, (ofType = new Map<string, NamedId>()));
    let named = ofType.get(id);
    if (named === undefined) ofType.set(id, (named = { id, name: this.#nameOf.get(id)?.(type, id) ?? id }));
    return named;
  }
}
