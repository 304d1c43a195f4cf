import type { Json } from "../comparison/json-differences.ts";

/** A request to send on both ways. */
export interface FidelityCase {
  readonly name: string;
  readonly title: string;
  /** The body but for the model, which has another name on each way. */
  readonly body: { readonly [name: string]: Json };
}

/** One protocol that a client and a provider both speak: what is sent, and which differences are as they should be. */
export interface FidelityProtocol {
  readonly name: string;
  /** Provider kinds that speak it under their base URL. */
  readonly kinds: readonly string[];
  /** Below a provider's base URL. */
  readonly providerPath: string;
  readonly gatewayPath: string;
  readonly cases: readonly FidelityCase[];
  /** Headers that a client sends, besides its credential; they are part of the protocol. */
  readonly clientHeaders: { readonly [name: string]: string };
  /** The header by which a provider takes a credential. */
  credentialHeaders(credential: string): { readonly [name: string]: string };
  /** What of a request's headers has to arrive the same. */
  readonly comparedHeaders: readonly string[];
  /** Members whose text is vocabulary, to be compared by value and not by type. */
  readonly vocabulary: ReadonlySet<string>;
  /** Members of an answer that are new with every call. */
  readonly volatile: readonly string[];
  /** Why the gateway changes this place of a request; null where it has no reason to. */
  explainRequest(pointer: string): string | null;
  /** Why this place of an answer may have another shape than in a direct one. */
  explainShape(pointer: string): string | null;
  /** Why the gateway words this place of an error itself. */
  explainError(pointer: string): string | null;
  /** Why the gateway keeps this event of a stream to itself. */
  explainWithheld(event: Json): string | null;
}
