/** Gemini's `batchEmbedContents`: a request for each text. */
import type { EmbeddingsSurface } from "../embeddings/embeddings-surface.ts";
import { readVectors } from "../embeddings/write-answer.ts";
import { isFields } from "../json/field-reader.ts";

const mostTexts = 100;

export const geminiEmbeddings: EmbeddingsSurface = {
  takes: ["task_type", "title"],
  requestPath: (model) => `/models/${encodeURIComponent(model)}:batchEmbedContents`,
  encode({ texts, dimensions, own }, model, notes) {
    if (texts.length > mostTexts) {
      notes.refuse("input", `'input' may hold at most ${mostTexts} texts here: send the others in calls of their own.`);
    }
    const { task_type: taskType, title } = own;
    const requests = texts.map((text) => ({
      model: `models/${model}`,
      content: { parts: [{ text }] },
      ...(typeof taskType === "string" ? { taskType } : {}),
      ...(typeof title === "string" ? { title } : {}),
      ...(dimensions === null ? {} : { outputDimensionality: dimensions }),
    }));
    return { requests };
  },
  decode(answer) {
    const { embeddings, usageMetadata } = answer;
    const vectors = Array.isArray(embeddings)
      ? readVectors(embeddings.map((embedding) => (isFields(embedding) ? embedding["values"] : null)))
      : null;
    // Older models tell no usage.
    const inputTokens = isFields(usageMetadata) ? usageMetadata["promptTokenCount"] : undefined;
    return vectors === null ? null : { vectors, inputTokens };
  },
};
