/** What of a chat completion, or of one chunk of it, decides something. */
export interface ChoiceFacts {
  readonly index: number;
  /** Null for an unfinished choice, and where the member is missing. */
  readonly finishReason: string | null;
  readonly hasContent: boolean;
  readonly hasRefusal: boolean;
}

export interface CompletionFacts {
  /** Null where the member is missing or not an array. */
  readonly choices: readonly ChoiceFacts[] | null;
  /** Bytes of generated text in all choices, as JSON spells them. */
  readonly contentBytes: number;
  /**
   * Something in it may not be as OpenAI writes it, and only a closer look can tell: a call of a tool, content that is no
   * text, a choice without message or index, a finish that is no word, an object without choices or id, sources,
   * annotations, probabilities, usage that tells nothing.
   */
  readonly needsLook: boolean;
  /** Undefined where missing or null. */
  readonly usage: unknown;
  readonly error: unknown;
  readonly model: string | null;
  readonly serviceTier: string | null;
}
