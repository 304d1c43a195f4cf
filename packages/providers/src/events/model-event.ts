/**
 * What a model says, in no provider's words. Every translated answer, whole or streamed, is read into these events and
 * written from them (wire formats 1.1), so that each protocol is understood in one place.
 */
import type { ProviderFailure, UsageReading } from "../provider-codec.ts";

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

export type ModelEvent =
  | { readonly type: "start"; readonly id: string | null; readonly model: string | null }
  | { readonly type: "text"; readonly text: string }
  /** The tokens of the text that follows, with how probable they were. */
  | { readonly type: "logprobs"; readonly tokens: readonly TokenLogprob[] }
  | { readonly type: "reasoning"; readonly text: string }
  /** A finished block of reasoning that only its own provider can read, to be given back as it is. */
  | { readonly type: "sealed_reasoning"; readonly block: SealedReasoning }
  /** `index` counts the tool calls of the answer. */
  | { readonly type: "tool_start"; readonly index: number; readonly id: string; readonly name: string }
  | { readonly type: "tool_arguments"; readonly index: number; readonly fragment: string }
  | { readonly type: "tool_end"; readonly index: number }
  | { readonly type: "refusal"; readonly text: string | null }
  /** A picture that the model made; `data` is its bytes in base64. */
  | { readonly type: "media"; readonly mediaType: string; readonly data: string }
  /** Where something of the answer was taken from. */
  | { readonly type: "citation"; readonly citation: Citation }
  /** All that was used up to here: a later one replaces it. */
  | { readonly type: "usage"; readonly usage: UsageReading; readonly serviceTier: string | null }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly stopSequence: string | null }
  /** The provider's own mark that nothing follows. */
  | { readonly type: "end" }
  | { readonly type: "failure"; readonly failure: ProviderFailure };

/** Natural logarithms of probabilities. */
export interface Logprob {
  readonly token: string;
  readonly logprob: number;
  /** The token in UTF-8; null where the provider does not tell. */
  readonly bytes: readonly number[] | null;
}

export interface TokenLogprob extends Logprob {
  /** The most probable tokens in this place, as many as were asked for. */
  readonly top: readonly Logprob[];
}

/** What a provider does not tell is null. */
export interface Citation {
  readonly url: string | null;
  readonly title: string | null;
  /** The words of the source. */
  readonly text: string | null;
  /** The place in the answer, in characters. */
  readonly start: number | null;
  readonly end: number | null;
}

export interface SealedReasoning {
  /** Who can read it. */
  readonly format: string;
  readonly type: "thinking" | "redacted_thinking" | "thought_signature";
  /** The call that a signature belongs to. */
  readonly tool_call_id?: string;
  readonly text?: string;
  readonly signature?: string;
  readonly data?: string;
}

/** Reads one protocol's events. It keeps what must be remembered between them, and never throws. */
export interface EventDecoder {
  /** `event` is the parsed data of one event; null for data that is not a JSON object. */
  decode(event: Readonly<Record<string, unknown>> | null): readonly ModelEvent[];
}
