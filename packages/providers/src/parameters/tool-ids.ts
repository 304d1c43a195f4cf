const allowed = /^[a-zA-Z0-9_-]{1,64}$/;
const forbidden = /[^a-zA-Z0-9-]/g;
const longest = 64;

/**
 * Ids of tool calls as Anthropic and Bedrock take them: of their alphabet, and no two alike. The same history gives the same ids, so
 * that a prompt cache goes on matching. An id that other providers use again in a later turn gets a number.
 */
export class ToolIds {
  readonly #taken = new Set<string>();
  /** What the latest call of this id became. */
  readonly #current = new Map<string, string>();

  /** For a call. */
  assign(id: string): string {
    const base = allowed.test(id) ? id : spell(id);
    let unique = base;
    for (let count = 2; this.#taken.has(unique); count++) unique = `${base.slice(0, longest - 8)}_${count}`;
    this.#taken.add(unique);
    this.#current.set(id, unique);
    return unique;
  }

  /** For the result of a call; null where no call of that id came before it. */
  find(id: string): string | null {
    return this.#current.get(id) ?? null;
  }
}

function spell(id: string): string {
  const spelt = id.replace(forbidden, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`);
  return spelt === "" ? "_" : spelt.slice(0, longest);
}
