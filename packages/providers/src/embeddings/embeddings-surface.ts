/** Embeddings of kinds that do not speak OpenAI's protocol: a kind says how it is asked and how it answers. */
import { malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import { usageOf } from "../operations/read-quantities.ts";
import { TranslationNotes } from "../parameters/translation-notes.ts";
import type {
  CompleteResponse,
  ProviderCodec,
  RequestEncoding,
  RequestToEncode,
  ResponseHeaders,
} from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { readEmbeddingsRequest, type EmbeddingsAsked } from "./read-request.ts";
import { writeEmbeddings, type Vector } from "./write-answer.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The way of a kind to embed texts. */
export interface EmbeddingsSurface {
  /** Members of a request, besides those of OpenAI's, that it takes: under the names that its own API has for them. */
  readonly takes: readonly string[];
  requestPath(model: string): string;
  /** The body to send. What it has nothing for is noted. */
  encode(asked: EmbeddingsAsked, model: string, notes: TranslationNotes): object;
  /** The vectors in the order of the texts; null for an answer of another shape. */
  decode(answer: Fields, headers: ResponseHeaders): EmbeddingsAnswer | null;
}

export interface EmbeddingsAnswer {
  readonly vectors: readonly Vector[];
  /** As the provider tells it; undefined where it does not. */
  readonly inputTokens: unknown;
}

/** A codec that embeds besides all that it does. */
export function withEmbeddings(codec: ProviderCodec, surface: EmbeddingsSurface): ProviderCodec {
  return {
    ...codec,
    requestPath: (operation, target) =>
      operation === "embeddings" ? surface.requestPath(target.model) : codec.requestPath(operation, target),
    encodeRequest: (request) =>
      request.operation === "embeddings" ? encode(request, codec, surface) : codec.encodeRequest(request),
    readCompleteResponse: (operation, body, options) =>
      operation === "embeddings"
        ? decode(body, surface, options.request, options.headers ?? {})
        : codec.readCompleteResponse(operation, body, options),
  };
}

function encode(
  { parsed, changes, parameterMode }: RequestToEncode,
  { manifest }: ProviderCodec,
  surface: EmbeddingsSurface,
): RequestEncoding {
  const notes = new TranslationNotes(manifest, parameterMode);
  const asked = readEmbeddingsRequest(parsed, surface.takes, notes);
  const body = surface.encode(asked, changes.model, notes);
  if (notes.rejection !== null) return notes.rejection;
  return { ok: true, body: encodeUtf8(JSON.stringify(body)), changed: Object.keys(body), warnings: notes.warnings };
}

function decode(
  body: Uint8Array,
  surface: EmbeddingsSurface,
  request: Fields,
  headers: ResponseHeaders,
): CompleteResponse {
  const answer = readJsonObject(body);
  const decoded = answer === null ? null : surface.decode(answer, headers);
  if (decoded === null) return { ok: false, failure: malformedResponse() };
  const { vectors, inputTokens } = decoded;
  const usage = usageOf({ input: inputTokens });
  return {
    ok: true,
    body: writeEmbeddings(vectors, request, usage),
    verdict: "complete",
    usage,
    finishReasons: [],
    empty: vectors.length === 0,
    serviceTier: null,
    model: null,
  };
}
