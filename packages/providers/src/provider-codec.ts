/** What the gateway needs of a provider kind. A kind is a folder that builds one of these, and a line in registry.ts. */
import type { Usage } from "@switchyard/metering/meters";
import type { FailureClass, Operation, Verdict } from "@switchyard/metering/usage-event";
import type { ClientError, ClientProtocol, ClientProtocolName } from "./clients/client-protocol.ts";
import type { ScannedObject } from "./json/scan-top-level.ts";
import type { Form } from "./multipart/read-form.ts";
import type { OpenAiQuirks, QuirkDefaults } from "./openai/quirks.ts";
import type { ParameterMode } from "./parameters/parameter-rules.ts";
import type { Spellings } from "./parameters/translation-notes.ts";
import type { ProviderManifest } from "./provider-manifest.ts";

/** Header names in lower case, as Node's HTTP clients give them. */
export type ResponseHeaders = { readonly [name: string]: string | readonly string[] | undefined };

/** What must differ from what the client sent; everything else stays byte for byte. */
export interface RequestChanges {
  /** The provider's id of the model. */
  readonly model: string;
  /** The most output tokens that the money allows; null leaves the client's own cap, or none. */
  readonly outputTokensCap: number | null;
  /** The most that the model can write; null where the catalogue does not know. For protocols that demand a cap. */
  readonly modelOutputTokens: number | null;
  /** Whether a stream must end with its usage, whatever the client asked for. */
  readonly includeUsage: boolean;
}

export interface RequestToEncode {
  readonly operation: Operation;
  /** What the client sent. */
  readonly body: Uint8Array;
  /** The members of `body`, from `scanTopLevel`. */
  readonly members: ScannedObject;
  /** `JSON.parse` of `body`; or, where `isWidened`, the request in the gateway's own form (conversation/). */
  readonly parsed: Readonly<Record<string, unknown>>;
  /** The client speaks another protocol, so that `body` is not the text of `parsed`. */
  readonly isWidened: boolean;
  /** Where `body` is a form: its parts. `parsed` then holds its text fields, and `members` nothing. */
  readonly form?: Form;
  readonly changes: RequestChanges;
  /** What the client wants to become of parameters that the provider lacks. */
  readonly parameterMode: ParameterMode;
  /** Where `isWidened`: what the client calls what has another name in `parsed`. */
  readonly spellings?: Spellings;
}

/** What to send; or, where client code depends on a parameter that the provider has nothing for, which one it is. */
export type RequestEncoding =
  | {
      readonly ok: true;
      /** The client's own array when nothing had to change. */
      readonly body: Uint8Array;
      /** Names of the members that were changed, added or removed, for the receipt. */
      readonly changed: readonly string[];
      /** One line for each hint that was dropped or changed: `param=seed; action=dropped; provider=anthropic`. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly param: string; readonly message: string };

/**
 * Usage as the provider told it, made disjoint; or why it cannot be billed by. Only what the provider counts: that the
 * call was one request is for settlement to add.
 */
export type UsageReading =
  | { readonly kind: "usable"; readonly usage: Usage; readonly warnings: readonly string[] }
  | { readonly kind: "unusable"; readonly problem: string };

/** Why a provider did not answer. `message` is ours and public; what the provider said may hold secrets and prompts. */
export interface ProviderFailure {
  readonly failure: FailureClass;
  readonly message: string;
  readonly retryAfterMs: number | null;
  readonly providerCode: string | null;
  /** The request field that the provider complains of. */
  readonly providerParam: string | null;
  readonly providerMessage: string | null;
}

/** What a stream has told so far. The scanner changes it in place. */
export interface StreamState {
  /** Text, reasoning, a tool call, audio or a refusal was seen: the first token. */
  readonly contentSeen: boolean;
  /** UTF-8 bytes of generated text seen, as JSON spells them: what an estimate can go by when no usage comes. */
  readonly contentBytes: number;
  readonly usage: UsageReading | null;
  /** By choice index; null while a choice has begun and not finished. */
  readonly finishReasons: ReadonlyMap<number, string | null>;
  readonly refusalSeen: boolean;
  readonly doneSeen: boolean;
  /** Set by the first error object; nothing is forwarded from that event on. */
  readonly failure: ProviderFailure | null;
  readonly serviceTier: string | null;
  /** The model that the provider says it used. */
  readonly model: string | null;
}

export interface StreamEnding {
  /** Bytes to send before the answer ends: a last event that lacked its blank line. Empty otherwise. */
  readonly forward: readonly Uint8Array[];
  readonly verdict: Exclude<Verdict, "cancelled" | "invalid">;
  /** Set for `truncated` and `errored`: the gateway tells the client so in an error event. */
  readonly failure: ProviderFailure | null;
  /** Ended well, and yet no content, no tool call and no refusal. */
  readonly empty: boolean;
  /** Codes of what the client was not given of it. */
  readonly warnings?: readonly string[];
}

export interface StreamScanner {
  readonly state: StreamState;
  /**
   * Takes the next bytes, split anywhere, and returns what to forward now, in order. The arrays may be views of
   * `chunk`, which the caller must therefore not write to again.
   */
  push(chunk: Uint8Array): readonly Uint8Array[];
  /** The provider closed the stream. Call it once. */
  end(): StreamEnding;
  /** The event by which the client is told that its answer broke off: the last bytes of the stream. */
  writeFailure(error: ClientError): Uint8Array;
}

/** What an answer is written by. */
export interface AnswerOptions {
  readonly client: ClientProtocol;
  /** The client's request as it sent it: some protocols repeat its fields in the answer. */
  readonly request: Readonly<Record<string, unknown>>;
  /** When the gateway dispatched the call, in seconds since 1970: the `created` of an answer that is translated. */
  readonly createdSeconds: number;
  /** Whether the client asked for the usage chunk; without it that chunk is withheld. */
  readonly forwardUsage: boolean;
  /** The provider's headers: some tell usage nowhere else. Absent for streams, which are written before they end. */
  readonly headers?: ResponseHeaders;
}

/** A complete answer, judged. */
export type CompleteResponse =
  | {
      readonly ok: true;
      /** The answer in the client's protocol; null where that is the provider's, whose own bytes then pass. */
      readonly body: Uint8Array | null;
      readonly verdict: "complete" | "filtered" | "refused";
      readonly usage: UsageReading | null;
      readonly finishReasons: readonly (string | null)[];
      /** No content, no tool call and no refusal in any choice; no vector in embeddings. */
      readonly empty: boolean;
      readonly serviceTier: string | null;
      readonly model: string | null;
      /** Codes of what the client was not given of it. */
      readonly warnings?: readonly string[];
    }
  | { readonly ok: false; readonly failure: ProviderFailure };

export interface FailedResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The body, possibly cut short. */
  readonly body: Uint8Array;
  /** For a `Retry-After` that is a date. */
  readonly nowMs: number;
}

/** What some protocols name in the path. */
export interface PathTarget {
  /** The provider's id of the model. */
  readonly model: string;
  readonly stream: boolean;
  /** The path of the connection's base URL: one provider may offer several surfaces. */
  readonly basePath: string;
}

/** The way of one protocol to a provider and back. */
export interface Passage {
  /** Appended to the connection's base URL, which has no trailing slash. May have a query. */
  requestPath(operation: Operation, target: PathTarget): string;
  encodeRequest(request: RequestToEncode): RequestEncoding;
  createStreamScanner(options: AnswerOptions): StreamScanner;
  readCompleteResponse(operation: Operation, body: Uint8Array, options: AnswerOptions): CompleteResponse;
}

/** The way of a protocol other than chat completions that the provider speaks itself: its bytes pass. */
export interface NativePassage extends Passage {
  /** Headers of the client, in lower case, that are part of the protocol: they pass too. */
  readonly clientHeaders: readonly string[];
  /** Where the provider counts the tokens of a request without charge, appended to the base URL. */
  readonly tokenCountPath?: string;
}

/**
 * The methods of `Passage` take chat requests, and the gateway's own form of all others; they write answers in the
 * protocol that `AnswerOptions` names.
 */
export interface ProviderCodec extends Passage {
  /** Its `operations` are those that the methods take; they refuse every other. */
  readonly manifest: ProviderManifest;
  /** For kinds that speak OpenAI's protocol: their settings, and the codec of a server that differs from them. */
  readonly adjustable?: {
    readonly defaults: QuirkDefaults;
    adjust(quirks: OpenAiQuirks): ProviderCodec;
  };
  /** For kinds of which not every base URL offers the same: the codec of one whose path this is. */
  atBasePath?(basePath: string): ProviderCodec;
  /** Client protocols besides chat completions that need no translation. */
  readonly natives?: { readonly [client in ClientProtocolName]?: NativePassage };
  /**
   * Everything that must be sent besides `host` and the length. `credential` is the opened secret; null for none. It is
   * an API key, or a `bearer` that a secret was exchanged for.
   */
  requestHeaders(credential: string | null, sentAs?: "api_key" | "bearer"): Readonly<Record<string, string>>;
  /** For requests signed with AWS keys (Signature Version 4): the service that they are for. */
  readonly awsService?: string;
  /** For any status outside 2xx. */
  classifyFailure(response: FailedResponse): ProviderFailure;
}
