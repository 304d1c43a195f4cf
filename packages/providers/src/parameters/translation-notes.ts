import type { ProviderManifest } from "../provider-manifest.ts";
import { type ParameterMode, parameterWarning } from "./parameter-rules.ts";

type Provider = Pick<ProviderManifest, "kind" | "displayName">;

/** Without them there is no request to speak of. */
const essential: ReadonlySet<string> = new Set(["model", "messages"]);
/** What a client can do instead, where that is not plain. */
const advice: { readonly [param: string]: string } = {
  // One call of a provider for each answer is one attempt with its hold; a call that fans out would be many with one.
  n: "Send the request once for each answer that is wanted.",
  logprobs: "Leave it out, or use a route whose targets tell log probabilities.",
  top_logprobs: "Leave it out, or use a route whose targets tell log probabilities.",
};
/** A place within a parameter, such as `messages[0].content`: what stands there cannot be left out by itself. */
const innerPlace = /[.[]/;

/**
 * By parameter of the gateway's own form: the field that the client asked by, where that has another name, or is made
 * otherwise inside, so that no place within it can be named.
 */
export type Spellings = { readonly [parameter: string]: string };

/** Collects what a translation of a request changed, and the first thing that it has no words for. */
export class TranslationNotes {
  readonly warnings: string[] = [];
  rejection: { readonly ok: false; readonly param: string; readonly message: string } | null = null;
  readonly #provider: Provider;
  readonly #mode: ParameterMode;
  readonly #spellings: Spellings;

  constructor(provider: Provider, mode: ParameterMode = "default", spellings: Spellings = {}) {
    this.#provider = provider;
    this.#mode = mode;
    this.#spellings = spellings;
  }

  /** `action` is a word: dropped, clamped, changed, defaulted. */
  warn(param: string, action: string): void {
    if (this.#mode === "ignore") return;
    if (this.#mode === "strict" && action === "dropped") {
      this.#reject(param, `'${param}'`);
      return;
    }
    const line = parameterWarning(this.#spelled(param), action, this.#provider.kind);
    if (!this.warnings.includes(line)) this.warnings.push(line);
  }

  /** `what` is a public sentence's beginning, such as `'n' above 1`. */
  reject(param: string, what = `'${param}'`): void {
    const isLenient = this.#mode === "warn" || this.#mode === "ignore";
    if (isLenient && !essential.has(param) && !innerPlace.test(param)) this.warn(param, "dropped");
    else this.#reject(param, what);
  }

  /** The client's own mistake: a field that is not of its documented shape. */
  refuse(param: string, message: string): void {
    this.rejection ??= { ok: false, param: this.#spelled(param), message: this.#inWords(message, param) };
  }

  #spelled(param: string): string {
    const [whole = param] = param.split(innerPlace, 1);
    return Object.hasOwn(this.#spellings, whole) ? String(this.#spellings[whole]) : param;
  }

  /** A sentence with the client's names for what it quotes. */
  #inWords(sentence: string, param: string): string {
    return [param, ...Object.keys(this.#spellings)].reduce(
      (told, name) => told.replaceAll(`'${name}'`, `'${this.#spelled(name)}'`),
      sentence,
    );
  }

  #reject(param: string, what: string): void {
    const sentence = `${what} is not supported by ${this.#provider.displayName}.`;
    this.refuse(param, Object.hasOwn(advice, param) ? `${sentence} ${advice[param]}` : sentence);
  }
}
