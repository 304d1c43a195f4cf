import type { IncomingHttpHeaders } from "node:http";
import type { TokenCounts } from "../answer/token-counts.ts";
import type { UnitCounts } from "../answer/unit-counts.ts";
import type { AnswerPlan } from "../behaviour/plan-call.ts";
import type { Corpus } from "../text/corpus.ts";
import type { Dice } from "../text/dice.ts";
import type { SeedWords } from "../text/seed-words.ts";

/**
 * One provider protocol: its endpoints and how answers and errors look on the wire. Faults, pace, token counting and
 * the ledger know only this interface. A new protocol is one folder beside `openai/` and one line in `registry.ts`.
 */
export interface WireFormat {
  readonly endpoints: readonly Endpoint[];
  /** Undefined where another protocol lists its models on the same path. */
  readonly modelList: ModelList | undefined;
  /** The credential that a request carries, in the place where this protocol has it. */
  apiKeyOf(headers: IncomingHttpHeaders): string | undefined;
  /** What the provider finds wrong with a request before it reads it, besides a wrong credential. */
  objectionTo?(request: RequestHead): ProviderError | undefined;
  encodeError(error: ProviderError, subject: ErrorSubject): string;
  /** The media type of a stream, where it is not text. */
  readonly eventStreamType?: string;
  /** Wraps JSON text as one event of a stream. */
  encodeEvent(json: string): string | Buffer;
  /** Headers of every response, as a flat list of names and values. */
  responseHeaders(facts: ResponseFacts): string[];
}

/** What a request says before its body. */
export interface RequestHead {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What `GET` on a path answers: the names of all models. */
export interface ModelList {
  readonly path: string;
  encode(models: readonly string[]): string;
}

/** A billable operation. */
export interface Endpoint {
  /** How the ledger names it. */
  readonly name: string;
  /**
   * The end of the URL's path; what stands before it names the provider. A pattern ends with `$`; its named groups are
   * for `readCall`.
   */
  readonly path: string | RegExp;
  /** Understands a request body (parsed JSON), or says what is wrong with it. */
  readCall(body: unknown, groups: PathGroups): CallReading;
  /** Set where requests are forms: understands the raw body instead. */
  readForm?(body: Buffer, contentType: string): CallReading;
}

/** What a pattern has found in a path, percent-decoded. */
export type PathGroups = Readonly<Record<string, string>>;

export type CallReading = { readonly call: ProviderCall } | { readonly rejection: ProviderError };

/** A request that a provider would accept. */
export interface ProviderCall {
  readonly model: string;
  readonly isStream: boolean;
  readonly inputTokens: number;
  /** The media type of a healthy answer, where it is neither JSON nor events. */
  readonly contentType?: string;
  answer(context: AnswerContext): WireAnswer;
}

export interface AnswerContext {
  readonly plan: AnswerPlan;
  /** Draws from the seed, provider, model and request body: the same request is answered the same. */
  readonly dice: Dice;
  readonly corpus: Corpus;
  /** The seed, provider and model, for whatever must not depend on the rest of the body. */
  readonly modelSeed: SeedWords;
  /** Unique for each call. */
  readonly callId: string;
  readonly createdSeconds: number;
}

/** An answer as it goes over the wire, whole or in chunks, and what a provider bills for all of it. */
export interface WireAnswer {
  readonly body: string | Iterable<AnswerChunk>;
  readonly tokens: TokenCounts;
  /** Billed in full however the answer ends, unless an error takes its place. */
  readonly units?: UnitCounts;
}

export interface AnswerChunk {
  readonly text: string | Buffer;
  /** How much of the answer has been generated with this chunk: all output and reasoning tokens up to here. */
  readonly generatedTokens: number;
}

/** An error answer. Where code, message or parameter are absent, the protocol's usual ones for the status apply. */
export interface ProviderError {
  readonly status: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly parameter?: string | undefined;
}

/** What an error message may mention. */
export interface ErrorSubject {
  readonly model: string;
  readonly inputTokens: number;
}

export interface ResponseFacts {
  readonly requestId: string;
  readonly status: number;
  readonly inputTokens: number;
  readonly processingMs: number;
}
