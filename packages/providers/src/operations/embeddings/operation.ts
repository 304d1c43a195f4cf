import { readEmbeddingsFacts } from "../../openai/request-facts.ts";
import { readOpenAiResponse } from "../../openai/read-response.ts";
import { jsonType, type ClientOperation } from "../client-operation.ts";

/** Vectors; billed by the tokens that they stand for. */
export const embeddingsOperation: ClientOperation = {
  operation: "embeddings",
  path: "/embeddings",
  form: "json",
  delivery: "complete",
  readRequest({ parsed, bodyBytes }) {
    const reading = readEmbeddingsFacts(parsed, bodyBytes);
    if (!reading.ok) return reading;
    const { model, inputTokensAtMost, inputTokensAtLeast } = reading.facts;
    const sizes = { inputTokensAtMost, inputTokensAtLeast, outputTokensAsked: 0, answers: 1 };
    return { ok: true, facts: { model, ...sizes, unitsAtMost: {}, counted: {} } };
  },
  readAnswer: (body) => readOpenAiResponse("embeddings", body),
  answerType: () => jsonType,
};
