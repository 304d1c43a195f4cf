/**
 * Judges a complete JSON answer: did it end well, what was used, is there anything in it. Its bytes are only changed where a
 * client would misread them (repair/).
 */
import type { Operation } from "@switchyard/metering/usage-event";
import { JsonCursor, jsonKey, openingBrace, openingBracket } from "../json/json-cursor.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import type { CompleteResponse, UsageReading } from "../provider-codec.ts";
import { classifyErrorObject, classifyHeldError, malformedResponse } from "../failure/classify-failure.ts";
import type { FinishReason } from "../events/model-event.ts";
import { classifyStrayError } from "../failure/stray-error.ts";
import type { CompletionFacts } from "./completion-facts.ts";
import { type OpenAiDialect, openAiDialect } from "./dialect.ts";
import { isFailedFinish, openAiFinish } from "./finish-reason.ts";
import { readCompletionFacts } from "./read-completion-facts.ts";
import { readOpenAiUsage } from "./read-usage.ts";
import { repairCompletion } from "./repair/completion-repair.ts";
import { reshapeUsage } from "./repair/usage-shape.ts";

const dataKey = jsonKey("data");
const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

/** Reads the body of a 2xx answer that is no stream. */
export function readOpenAiResponse(
  operation: "chat" | "embeddings",
  body: Uint8Array,
  dialect: OpenAiDialect = openAiDialect,
): CompleteResponse {
  const facts = readCompletionFacts(body, 0, body.length, dialect.vendorKey);
  if (facts === null) return malformed;
  if (facts.error !== undefined) {
    return { ok: false, failure: classifyHeldError(readJsonObject(body), facts.error, dialect.errorMeanings) };
  }
  return operation === "chat" ? readChat(facts, body, dialect) : readEmbeddings(facts, body, dialect);
}

function readChat(facts: CompletionFacts, body: Uint8Array, dialect: OpenAiDialect): CompleteResponse {
  const { choices } = facts;
  if (choices === null || choices.length === 0) {
    const stray = classifyStrayError(readJsonObject(body), dialect.errorMeanings);
    return stray === null ? malformed : { ok: false, failure: stray };
  }
  if (choices.some((choice) => isFailedFinish(choice.finishReason))) {
    return { ok: false, failure: classifyErrorObject(null) };
  }
  const finishReasons = choices.map(({ finishReason }) => (finishReason === null ? null : openAiFinish(finishReason)));
  // An ending that nobody here knows must not pass for a good one.
  if (finishReasons.includes(undefined)) return malformed;
  const isRefused = choices.some((choice) => choice.hasRefusal);
  const isFiltered = finishReasons.includes("content_filter");
  const verdict = isRefused ? "refused" : isFiltered ? "filtered" : "complete";
  const usage = readUsage(facts, "chat", dialect);
  const mayNeedRepair =
    dialect.repairsAnswers && (needsRepair(facts, finishReasons) || isShapedOtherwise(facts, usage));
  const repair = mayNeedRepair ? repairBody(body, usage) : unchanged;
  if (repair === "broken") return malformed;
  return {
    ok: true,
    body: repair.body,
    verdict,
    usage,
    finishReasons: finishReasons.map((finish) => finish ?? null),
    empty: verdict === "complete" && choices.every((choice) => !choice.hasContent),
    serviceTier: facts.serviceTier,
    model: facts.model,
  };
}

const unchanged = { body: null };

/** Told by the scan, so that an answer as OpenAI writes it is never parsed. */
function needsRepair(
  { needsLook, choices }: CompletionFacts,
  finishes: readonly (FinishReason | null | undefined)[],
): boolean {
  // A call that the finish tells of may be missing.
  if (needsLook || finishes.includes("tool_calls")) return true;
  return choices?.some(({ finishReason }, index) => finishReason !== finishes[index]) === true;
}

function isShapedOtherwise(facts: CompletionFacts, usage: UsageReading | null): boolean {
  return usage !== null && reshapeUsage(facts.usage, usage) !== null;
}

/** No body where the server's own is as OpenAI would have written it. */
function repairBody(body: Uint8Array, usage: UsageReading | null): { readonly body: Uint8Array | null } | "broken" {
  const read = readJsonObject(body);
  if (read === null) return unchanged;
  const completion: Record<string, unknown> = { ...read };
  const repair = repairCompletion(completion);
  if (repair === "broken") return repair;
  const reshaped = usage === null ? null : reshapeUsage(completion["usage"], usage);
  if (reshaped !== null) completion["usage"] = reshaped;
  return repair === "changed" || reshaped !== null ? { body: encodeUtf8(JSON.stringify(completion)) } : unchanged;
}

function readEmbeddings(facts: CompletionFacts, body: Uint8Array, dialect: OpenAiDialect): CompleteResponse {
  const vectors = countVectors(body);
  if (vectors === null) return malformed;
  return {
    ok: true,
    body: null,
    verdict: "complete",
    usage: readUsage(facts, "embeddings", dialect),
    finishReasons: [],
    empty: vectors === 0,
    serviceTier: facts.serviceTier,
    model: facts.model,
  };
}

function readUsage(facts: CompletionFacts, operation: Operation, dialect: OpenAiDialect): UsageReading | null {
  return facts.usage === undefined ? null : readOpenAiUsage(facts.usage, operation, dialect.usage);
}

/** Elements of `data`; null if that is missing or no list. The body is valid JSON. */
function countVectors(body: Uint8Array): number | null {
  const cursor = new JsonCursor(body, 0, body.length, { maxDepth: 64, maxKeys: Infinity, requireUtf8: false });
  let vectors: number | null = null;
  cursor.enter(openingBrace);
  while (cursor.nextMember()) {
    if (!cursor.keyIs(dataKey) || cursor.peek() !== openingBracket) {
      cursor.skipValue();
      continue;
    }
    vectors = 0;
    cursor.enter(openingBracket);
    while (cursor.nextElement()) {
      vectors++;
      cursor.skipValue();
    }
  }
  return vectors;
}
