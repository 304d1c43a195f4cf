import type { ProviderManifest } from "../provider-manifest.ts";
import { parameterWarning } from "./parameter-rules.ts";

/** Collects what a translation of a request changed, and the first thing that it has no words for. */
export class TranslationNotes {
  readonly warnings: string[] = [];
  rejection: { readonly ok: false; readonly param: string; readonly message: string } | null = null;
  readonly #provider: Pick<ProviderManifest, "kind" | "displayName">;

  constructor(provider: Pick<ProviderManifest, "kind" | "displayName">) {
    this.#provider = provider;
  }

  /** `action` is a word: dropped, clamped, changed, defaulted. */
  warn(param: string, action: string): void {
    const line = parameterWarning(param, action, this.#provider.kind);
    if (!this.warnings.includes(line)) this.warnings.push(line);
  }

  /** `what` is a public sentence's beginning, such as `'n' above 1`. */
  reject(param: string, what = `'${param}'`): void {
    this.rejection ??= { ok: false, param, message: `${what} is not supported by ${this.#provider.displayName}.` };
  }

  /** The client's own mistake: a field that is not of OpenAI's documented shape. */
  refuse(param: string, message: string): void {
    this.rejection ??= { ok: false, param, message };
  }
}
