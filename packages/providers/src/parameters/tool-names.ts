/**
 * Names of tools as a provider takes them. A name that it refuses becomes one that it takes: readable, with a hash behind
 * it, so that the same name always becomes the same and the next turn's history still matches, with nothing to keep.
 */
import { shortId } from "./short-ids.ts";

/** Data of a kind. Names of letters, digits and underscores that begin with a letter have to be allowed. */
export interface ToolNameRule {
  readonly allowed: RegExp;
  /** In characters. */
  readonly longest: number;
}

/** OpenAI's, and of all who follow its documentation. */
export const openAiToolNames: ToolNameRule = { allowed: /^[a-zA-Z0-9_-]{1,64}$/, longest: 64 };

const unreadable = /[^a-zA-Z0-9_]/g;
const beginsWithLetter = /^[a-zA-Z]/;
const hashLength = 9;

/** The names of one request, one to one. An empty name is the client's mistake, and stays. */
export class ToolNames {
  readonly #sent = new Map<string, string>();
  readonly #own = new Map<string, string>();

  /** `names` are all that the request has, allowed or not, in any order. */
  constructor(names: Iterable<string>, rule: ToolNameRule) {
    const all = new Set(names);
    const taken = new Set([...all].filter((name) => isAllowed(name, rule)));
    // Sorted, so that who has to give way does not depend on the order of the tools.
    for (const name of [...all].filter((other) => !isAllowed(other, rule)).toSorted()) {
      let spelt = spell(name, rule, 0);
      for (let count = 1; taken.has(spelt); count++) spelt = spell(name, rule, count);
      taken.add(spelt);
      this.#sent.set(name, spelt);
      this.#own.set(spelt, name);
    }
  }

  /** What the provider is told instead of the client's name. */
  sent(name: string): string {
    return this.#sent.get(name) ?? name;
  }

  /** The client's name again. */
  own(name: string): string {
    return this.#own.get(name) ?? name;
  }
}

/** Whether a name can be sent as it is. */
export function isAllowed(name: string, { allowed }: ToolNameRule): boolean {
  return name === "" || allowed.test(name);
}

function spell(name: string, { longest }: ToolNameRule, count: number): string {
  const letters = name.replace(unreadable, "_");
  const readable = beginsWithLetter.test(letters) ? letters : `tool_${letters}`;
  const hash = shortId(count === 0 ? `tool:${name}` : `tool:${name}:${count}`);
  return `${readable.slice(0, longest - hashLength - 1)}_${hash}`;
}
