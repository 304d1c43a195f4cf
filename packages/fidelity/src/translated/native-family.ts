import type { Json } from "../comparison/json-differences.ts";
import type { Answer, Headers } from "../exchange.ts";
import type { ProviderTarget } from "../suites/fidelity-suite.ts";
import type { AnswerMeaning } from "./answer-meaning.ts";
import type { ChatCaseName } from "./chat-cases.ts";

/** A request in a provider's own words, but for what every request of it has. */
export type NativeBody = { readonly [name: string]: Json };

/**
 * A protocol that providers speak and clients of chat completions do not. Its requests are written by hand and its answers
 * read here, after the provider's public documents: nothing is shared with the gateway's codecs, which are what is checked.
 */
export interface NativeFamily {
  readonly name: string;
  readonly title: string;
  readonly kinds: readonly string[];
  /** The path below the base URL, as the provider documents it. */
  requestPath(target: ProviderTarget, isStream: boolean): string;
  readonly headers: Headers;
  /** What of a request's headers has to arrive the same. */
  readonly comparedHeaders: readonly string[];
  /** The header by which a provider of this kind takes a credential that is sent as it is. */
  credentialHeaders(credential: string, kind: string): Headers;
  /** Every case of `chat-cases.ts` in the provider's words. */
  readonly cases: { readonly [name in ChatCaseName]: (target: ProviderTarget) => NativeBody };
  /** The same request in the longest of the ways in which the format can say it, so that two of them can be compared. */
  canonical(body: Json): Json;
  /** Why the gateway may say this place of a request in its own way; null where it has no reason to. */
  explainRequest(pointer: string): string | null;
  /** What an answer that was not refused says, whole or streamed. */
  readAnswer(answer: Answer): AnswerMeaning;
}
