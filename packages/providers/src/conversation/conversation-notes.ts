import type { Spellings } from "../parameters/translation-notes.ts";
import type { Conversation, ConversationReading } from "./conversation.ts";

/** Collects what of a request has no place in the gateway's own form, and the first thing that cannot do without one. */
export class ConversationNotes {
  readonly #dropped: string[] = [];
  #problem: { readonly param: string; readonly message: string } | null = null;

  /** A hint that is left out. */
  drop(param: string): void {
    if (!this.#dropped.includes(param)) this.#dropped.push(param);
  }

  /** What only a provider of the client's own protocol could be asked for. `what` begins a public sentence. */
  reject(param: string, what = `'${param}'`): void {
    this.refuse(param, `${what} is supported only by providers of this protocol, and no target of the route is one.`);
  }

  /** The client's own mistake. */
  refuse(param: string, message: string): void {
    this.#problem ??= { param, message };
  }

  reading(conversation: Conversation, spellings: Spellings = {}): ConversationReading {
    if (this.#problem !== null) return { ok: false, ...this.#problem };
    return { ok: true, conversation, dropped: this.#dropped, spellings };
  }
}
