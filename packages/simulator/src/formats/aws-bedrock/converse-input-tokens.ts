import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

const TOKENS_PER_MESSAGE = 4;
const TOKENS_BEFORE_ANSWER = 3;
const TOKENS_PER_IMAGE = 85;

/** The tokens of a prompt: its texts, 4 for each message, 85 for each image, tools and schema as JSON, 3 for the answer. */
export function countConverseInputTokens(body: JsonObject, messages: readonly JsonObject[]): number {
  let tokens = TOKENS_BEFORE_ANSWER + countContent(body["system"]);
  for (const { content } of messages) tokens += TOKENS_PER_MESSAGE + countContent(content);
  for (const name of ["toolConfig", "outputConfig"]) if (body[name] !== undefined) tokens += countAsJson(body[name]);
  return tokens;
}

function countContent(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  return content.reduce((tokens: number, block: unknown) => tokens + countBlock(block), 0);
}

function countBlock(block: unknown): number {
  if (!isJsonObject(block)) return countAsJson(block);
  if (typeof block["text"] === "string") return countTokens(block["text"]);
  return block["image"] === undefined ? countAsJson(block) : TOKENS_PER_IMAGE;
}

function countAsJson(value: unknown): number {
  return countTokens(JSON.stringify(value) ?? "");
}
