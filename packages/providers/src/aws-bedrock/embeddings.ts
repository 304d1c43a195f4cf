/** `InvokeModel` with models of embeddings, whose bodies are their makers' own. */
import { decodeCohereVectors, encodeCohereEmbed } from "../cohere/embeddings.ts";
import type { EmbeddingsSurface } from "../embeddings/embeddings-surface.ts";
import type { EmbeddingsAsked } from "../embeddings/read-request.ts";
import { readVector } from "../embeddings/write-answer.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

/** Ids with a region or none before the maker's name, or ARNs that end in one. */
const titanModels = /(?:^|[./])amazon\.titan-embed/;
const firstTitanModels = /titan-embed-text-v1/;
const cohereModels = /(?:^|[./])cohere\.embed/;
const tokenCountHeader = "x-amzn-bedrock-input-token-count";

export const bedrockEmbeddings: EmbeddingsSurface = {
  takes: ["input_type"],
  requestPath: (model) => `/model/${encodeURIComponent(model)}/invoke`,
  encode(asked, model, notes) {
    if (titanModels.test(model)) return encodeTitan(asked, !firstTitanModels.test(model), notes);
    if (cohereModels.test(model)) return encodeCohereEmbed(asked, notes);
    notes.refuse("model", "Of the models of Amazon Bedrock, those of Titan and Cohere can embed here.");
    return {};
  },
  decode(answer, headers) {
    const titan = readVector(answer["embedding"]);
    if (titan !== null) return { vectors: [titan], inputTokens: answer["inputTextTokenCount"] };
    const vectors = decodeCohereVectors(answer["embeddings"]);
    return vectors === null ? null : { vectors, inputTokens: countOf(headers[tokenCountHeader]) };
  },
};

function encodeTitan(
  { texts, dimensions, own }: EmbeddingsAsked,
  takesDimensions: boolean,
  notes: TranslationNotes,
): object {
  if (texts.length > 1)
    notes.refuse("input", "'input' may hold one text for this model: send each in a call of its own.");
  if (typeof own["input_type"] === "string") notes.warn("input_type", "dropped");
  if (dimensions !== null && !takesDimensions) notes.reject("dimensions", "'dimensions' of this model");
  const size = dimensions !== null && takesDimensions ? { dimensions } : {};
  return { inputText: texts[0] ?? "", ...size };
}

function countOf(header: string | readonly string[] | undefined): number | undefined {
  return typeof header === "string" && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}
