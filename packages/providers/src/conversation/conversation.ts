/**
 * A request in the gateway's own words: what the client protocols are read into and what provider kinds encode from.
 * It is OpenAI's chat request, widened by what other protocols can say, so that the most frequent client needs no
 * translation and every kind that understands chat requests understands all clients. OpenAI-like servers get it
 * narrowed again (openai/narrow-request.ts).
 */
import type { Spellings } from "../parameters/translation-notes.ts";
import type { SealedReasoning } from "../events/model-event.ts";

/** Widening: a hint of where a provider may cache the prompt up to, on parts and on tools. */
export interface CacheHint {
  readonly cache_control?: { readonly type: "ephemeral"; readonly ttl?: string };
}

export type ConversationPart = CacheHint &
  (
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "image_url"; readonly image_url: { readonly url: string; readonly detail?: string } }
    | { readonly type: "file"; readonly file: { readonly file_data: string; readonly filename?: string } }
    | { readonly type: "input_audio"; readonly input_audio: { readonly data: string; readonly format: string } }
  );

export interface ConversationCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

export type ConversationMessage =
  | { readonly role: "system" | "developer" | "user"; readonly content: string | readonly ConversationPart[] }
  | {
      readonly role: "assistant";
      readonly content: string | readonly ConversationPart[] | null;
      readonly tool_calls?: readonly ConversationCall[];
      /** Widening: reasoning in the open, which some servers want back. */
      readonly reasoning_content?: string;
      /** Widening: reasoning that its own provider wants back, in the order in which it came. */
      readonly reasoning_details?: readonly SealedReasoning[];
    }
  | {
      readonly role: "tool";
      readonly tool_call_id: string;
      /** Widening: images and files too, where OpenAI has text only. */
      readonly content: string | readonly ConversationPart[];
      /** Widening: whether the tool failed. */
      readonly is_error?: boolean;
    };

export type ConversationTool = CacheHint & {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: object;
    readonly strict?: boolean;
  };
};

export type ConversationToolChoice =
  | "auto"
  | "none"
  | "required"
  | { readonly type: "function"; readonly function: { readonly name: string } };

export interface Conversation {
  readonly model: string;
  readonly messages: readonly ConversationMessage[];
  readonly stream?: boolean;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  /** Widening. */
  readonly top_k?: number;
  readonly stop?: readonly string[];
  readonly tools?: readonly ConversationTool[];
  readonly tool_choice?: ConversationToolChoice;
  readonly parallel_tool_calls?: boolean;
  readonly response_format?: object;
  readonly reasoning_effort?: string;
  readonly verbosity?: string;
  readonly user?: string;
  readonly metadata?: object;
  readonly service_tier?: string;
  readonly prompt_cache_key?: string;
  readonly safety_identifier?: string;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
}

/** A request read; or the first thing in it that only a provider of the client's own protocol could be asked for. */
export type ConversationReading =
  | {
      readonly ok: true;
      readonly conversation: Conversation | Readonly<Record<string, unknown>>;
      /** Parameters that were left out because nobody else has them. */
      readonly dropped: readonly string[];
      readonly spellings?: Spellings;
    }
  | { readonly ok: false; readonly param: string; readonly message: string };
