import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

const TOKENS_PER_TURN = 4;
const TOKENS_BEFORE_ANSWER = 3;
const TOKENS_PER_IMAGE = 85;

/** The tokens of a prompt: its texts, 4 for each turn, 85 for what is inline, tools and schema as JSON, 3 for the answer. */
export function countGoogleInputTokens(body: JsonObject, contents: readonly JsonObject[]): number {
  let tokens = TOKENS_BEFORE_ANSWER + countParts(body["systemInstruction"]);
  for (const content of contents) tokens += TOKENS_PER_TURN + countParts(content);
  if (body["tools"] !== undefined) tokens += countAsJson(body["tools"]);
  const config = body["generationConfig"];
  if (isJsonObject(config) && config["responseJsonSchema"] !== undefined) {
    tokens += countAsJson(config["responseJsonSchema"]);
  }
  return tokens;
}

function countParts(content: unknown): number {
  const parts: unknown = isJsonObject(content) ? content["parts"] : undefined;
  return Array.isArray(parts) ? parts.reduce((sum: number, part: unknown) => sum + countPart(part), 0) : 0;
}

function countPart(part: unknown): number {
  if (!isJsonObject(part)) return countAsJson(part);
  if (typeof part["text"] === "string") return countTokens(part["text"]);
  return part["inlineData"] === undefined ? countAsJson(part) : TOKENS_PER_IMAGE;
}

function countAsJson(value: unknown): number {
  return countTokens(JSON.stringify(value) ?? "");
}
