import { FieldReader, isFields } from "../../json/field-reader.ts";
import type { UsageReading } from "../../provider-codec.ts";
import { jsonType, type ClientOperation } from "../client-operation.ts";
import { answered, usageOf } from "../read-quantities.ts";
import { readMembers } from "../read-members.ts";
import { tokensAtMost } from "../text-bounds.ts";

const mostDocuments = 10_000;
/** Cohere's default of `max_tokens_per_doc`, and the size of the pieces that it bills long documents by. */
const documentTokensAtMost = 4_096;
const pieceTokens = 500;
const piecesPerSearchUnit = 100;
/** What is taken to be left of a piece for the document when the query is long. */
const fewestDocumentTokens = 100;
const marksPerDocument = 8;

/** Documents in order of how well they fit a query, as Cohere writes it; billed by search units, or by tokens. */
export const rerankOperation: ClientOperation = {
  operation: "rerank",
  path: "/rerank",
  form: "json",
  delivery: "complete",
  readRequest({ parsed }) {
    const reader = new FieldReader();
    const model = reader.requiredText(parsed, "model");
    const query = reader.requiredText(parsed, "query");
    const documents = reader.list(parsed, "documents") ?? [];
    const isDocument = (item: unknown): boolean => typeof item === "string" || isFields(item);
    if (documents.length === 0 || documents.length > mostDocuments || !documents.every(isDocument)) {
      reader.refuse("documents", `'documents' must be 1 to ${mostDocuments} strings or objects.`);
    }
    const cut = reader.count(parsed, "max_tokens_per_doc", 1_000_000) ?? documentTokensAtMost;
    if (reader.problem !== null) return { ok: false, ...reader.problem };
    const queryTokens = tokensAtMost(query);
    const perPiece = Math.max(fewestDocumentTokens, pieceTokens - queryTokens);
    let tokens = 0;
    let pieces = 0;
    for (const document of documents) {
      const size = tokensAtMost(typeof document === "string" ? document : JSON.stringify(document));
      tokens += size + queryTokens + marksPerDocument;
      pieces += Math.max(1, Math.ceil(Math.min(size, cut) / perPiece));
    }
    const sizes = { inputTokensAtMost: tokens, inputTokensAtLeast: 0, outputTokensAsked: 0, answers: 1 };
    const unitsAtMost = { search_units: Math.ceil(pieces / piecesPerSearchUnit) };
    return { ok: true, facts: { model, ...sizes, unitsAtMost, counted: {} } };
  },
  readAnswer(body) {
    const reading = readMembers(body, "results", ["usage", "meta"]);
    if (!reading.ok) return reading;
    const { items, members } = reading.answer;
    return answered(readRerankUsage(members.get("meta"), members.get("usage")), (items ?? 0) === 0);
  },
  answerType: () => jsonType,
};

/** Cohere bills `meta.billed_units`; the servers that copied its request report tokens in `usage`. */
function readRerankUsage(meta: unknown, usage: unknown): UsageReading | null {
  const billed = isFields(meta) && isFields(meta["billed_units"]) ? meta["billed_units"] : {};
  const counted = isFields(usage) ? (usage["prompt_tokens"] ?? usage["total_tokens"]) : undefined;
  return usageOf({ search_units: billed["search_units"], input: billed["input_tokens"] ?? counted });
}
