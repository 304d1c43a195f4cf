/** Cohere's embed, version 2, and the same body where Bedrock has it. */
import type { EmbeddingsAsked } from "../embeddings/read-request.ts";
import type { EmbeddingsSurface } from "../embeddings/embeddings-surface.ts";
import { readVectors } from "../embeddings/write-answer.ts";
import { isFields } from "../json/field-reader.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

const mostTexts = 96;

export const cohereEmbeddings: EmbeddingsSurface = {
  takes: ["input_type"],
  requestPath: () => "/embed",
  encode: (asked, model, notes) => ({ model, ...encodeCohereEmbed(asked, notes) }),
  decode(answer) {
    const vectors = decodeCohereVectors(answer["embeddings"]);
    const meta = isFields(answer["meta"]) ? answer["meta"] : {};
    const billed = isFields(meta["billed_units"]) ? meta["billed_units"] : {};
    return vectors === null ? null : { vectors, inputTokens: billed["input_tokens"] };
  },
};

/** What a text is for has to be said; and a text that is too long is to fail, not to be cut without a word. */
export function encodeCohereEmbed({ texts, dimensions, own }: EmbeddingsAsked, notes: TranslationNotes): object {
  if (texts.length > mostTexts) {
    notes.refuse("input", `'input' may hold at most ${mostTexts} texts here: send the others in calls of their own.`);
  }
  const { input_type: inputType } = own;
  if (typeof inputType !== "string") notes.warn("input_type", "defaulted");
  return {
    texts,
    input_type: typeof inputType === "string" ? inputType : "search_document",
    embedding_types: ["float"],
    truncate: "NONE",
    ...(dimensions === null ? {} : { output_dimension: dimensions }),
  };
}

/** By type as asked for, or as a plain list, as older models answer. */
export function decodeCohereVectors(embeddings: unknown): ReturnType<typeof readVectors> {
  return readVectors(isFields(embeddings) ? embeddings["float"] : embeddings);
}
