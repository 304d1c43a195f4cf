import { inputCounts } from "../../answer/token-counts.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { Dice } from "../../text/dice.ts";
import { isJsonObject } from "../../text/json-object.ts";
import { mixSeedWords, seedWords } from "../../text/seed-words.ts";
import type { AnswerContext, CallReading, Endpoint } from "../wire-format.ts";

const MOST_DOCUMENTS = 1_000;
const DOCUMENTS_PER_SEARCH = 100;
const LONGEST_PIECE = 500;

/** Cohere's rerank, at its own path or below `/v1`, where the servers that copied it have it. */
export function rerankEndpoint(path: string): Endpoint {
  return { name: "rerank", path, readCall };
}

function readCall(body: unknown): CallReading {
  if (!isJsonObject(body)) return rejected("invalid request: the body must be a JSON object");
  const { model, query, documents } = body;
  if (typeof model !== "string" || model === "") return rejected("invalid request: model is required");
  if (typeof query !== "string" || query === "") return rejected("invalid request: query must not be empty");
  const isValid = Array.isArray(documents) && documents.length > 0 && documents.length <= MOST_DOCUMENTS;
  if (!isValid) return rejected(`invalid request: documents must be 1 to ${MOST_DOCUMENTS}`);
  const texts = (documents as readonly unknown[]).map((document) =>
    typeof document === "string" ? document : JSON.stringify(document),
  );
  const topN = typeof body["top_n"] === "number" ? body["top_n"] : texts.length;
  const queryTokens = countTokens(query);
  const sizes = texts.map(countTokens);
  const inputTokens = sizes.reduce((sum, size) => sum + size + queryTokens, 0);
  const pieces = sizes.reduce((sum, size) => sum + Math.max(1, Math.ceil((size + queryTokens) / LONGEST_PIECE)), 0);
  const searchUnits = Math.ceil(pieces / DOCUMENTS_PER_SEARCH);
  return {
    call: {
      model,
      isStream: false,
      inputTokens,
      answer(context) {
        const results = context.plan.shape === "empty" ? [] : rank(texts, context).slice(0, topN);
        const meta = encodeMeta(searchUnits, context);
        const answer = { id: context.callId, results, meta };
        return { body: JSON.stringify(answer), tokens: inputCounts(inputTokens, 0), units: { searchUnits } };
      },
    },
  };
}

function rank(texts: readonly string[], { modelSeed }: AnswerContext): { index: number; relevance_score: number }[] {
  return texts
    .map((text, index) => ({
      index,
      relevance_score: new Dice(mixSeedWords(modelSeed, seedWords(text))).nextFraction(),
    }))
    .toSorted((left, right) => right.relevance_score - left.relevance_score);
}

function encodeMeta(searchUnits: number, { plan: { malformedUsage } }: AnswerContext): object {
  const api_version = { version: "2" };
  if (malformedUsage === "missing") return { api_version };
  return { api_version, billed_units: { search_units: reportedCount(searchUnits, malformedUsage) } };
}

function rejected(message: string): CallReading {
  return { rejection: { status: 400, message } };
}
