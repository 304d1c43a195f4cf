import { inspect } from "node:util";

const placeholder = "[redacted]";

/**
 * Holds a secret so that it cannot reach a log, a template or JSON by accident: every implicit conversion gives
 * "[redacted]". Only `reveal()` yields the text, so each use of the secret can be found by searching for that word.
 */
export class SecretText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself. Call it where the secret is spent, never to store or print it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return placeholder;
  }

  toJSON(): string {
    return placeholder;
  }

  [Symbol.toPrimitive](): string {
    return placeholder;
  }

  [inspect.custom](): string {
    return placeholder;
  }
}
