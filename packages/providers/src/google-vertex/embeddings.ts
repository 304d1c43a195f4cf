/** Vertex's `predict` for models of embeddings: an instance for each text. */
import type { EmbeddingsSurface } from "../embeddings/embeddings-surface.ts";
import { readVectors } from "../embeddings/write-answer.ts";
import { isFields } from "../json/field-reader.ts";

/** Models that take one text a call. */
const oneTextModels = /^gemini-embedding/;
const mostTexts = 250;

export const vertexEmbeddings: EmbeddingsSurface = {
  takes: ["task_type", "title"],
  requestPath: (model) => `/models/${encodeURIComponent(model)}:predict`,
  encode({ texts, dimensions, own }, model, notes) {
    const most = oneTextModels.test(model) ? 1 : mostTexts;
    if (texts.length > most) {
      notes.refuse(
        "input",
        `'input' may hold at most ${most} texts for this model: send the others in calls of their own.`,
      );
    }
    const { task_type: taskType, title } = own;
    const instances = texts.map((content) => ({
      content,
      ...(typeof taskType === "string" ? { task_type: taskType } : {}),
      ...(typeof title === "string" ? { title } : {}),
    }));
    // A text that is too long is to fail, not to be cut without a word.
    const parameters = { autoTruncate: false, ...(dimensions === null ? {} : { outputDimensionality: dimensions }) };
    return { instances, parameters };
  },
  decode(answer) {
    const predictions: readonly unknown[] = Array.isArray(answer["predictions"]) ? answer["predictions"] : [];
    const embeddings = predictions.map((prediction) =>
      isFields(prediction) && isFields(prediction["embeddings"]) ? prediction["embeddings"] : {},
    );
    const vectors = Array.isArray(answer["predictions"]) ? readVectors(embeddings.map(({ values }) => values)) : null;
    return vectors === null ? null : { vectors, inputTokens: sumOfTokens(embeddings) };
  },
};

/** Undefined where one of them has no count. */
function sumOfTokens(embeddings: readonly Readonly<Record<string, unknown>>[]): number | undefined {
  let sum = 0;
  for (const { statistics } of embeddings) {
    const count = isFields(statistics) ? statistics["token_count"] : undefined;
    if (typeof count !== "number") return undefined;
    sum += count;
  }
  return sum;
}
