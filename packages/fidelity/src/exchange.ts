/**
 * What goes over the wire, as the checks compare it. Bodies are text, decoded from UTF-8; a stream of binary frames has one
 * character for each of its bytes (`decode-body.ts`).
 */
export type Headers = { readonly [lowerCaseName: string]: string };

export interface SentRequest {
  /** The path below the provider's base URL, with its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** One call on one of the two ways to the provider. */
export interface Leg {
  /** The request as the provider received it; null where nobody could see it. */
  readonly received: SentRequest | null;
  /** The answer as the provider gave it; null where nobody could see it, or where the provider was not asked. */
  readonly provided: Answer | null;
  /** The answer as the client got it. */
  readonly answer: Answer;
}
