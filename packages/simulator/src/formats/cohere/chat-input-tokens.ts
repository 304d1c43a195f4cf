import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

const TOKENS_PER_MESSAGE = 4;
const TOKENS_BEFORE_ANSWER = 3;
const TOKENS_PER_IMAGE = 85;

/** The tokens of a prompt: its texts, 4 for each message, 85 for each image, everything else as JSON, 3 for the answer. */
export function countChatInputTokens(body: JsonObject, messages: readonly JsonObject[]): number {
  let tokens = TOKENS_BEFORE_ANSWER;
  for (const { role: _, content, ...others } of messages) {
    tokens += TOKENS_PER_MESSAGE + countContent(content);
    if (Object.keys(others).length > 0) tokens += countAsJson(others);
  }
  for (const name of ["tools", "documents", "response_format"]) {
    if (body[name] !== undefined) tokens += countAsJson(body[name]);
  }
  return tokens;
}

function countContent(content: unknown): number {
  if (typeof content === "string") return countTokens(content);
  if (!Array.isArray(content)) return 0;
  return content.reduce((tokens: number, block: unknown) => tokens + countBlock(block), 0);
}

function countBlock(block: unknown): number {
  if (!isJsonObject(block)) return countAsJson(block);
  if (typeof block["text"] === "string") return countTokens(block["text"]);
  return block["type"] === "image_url" ? TOKENS_PER_IMAGE : countAsJson(block);
}

function countAsJson(value: unknown): number {
  return countTokens(JSON.stringify(value) ?? "");
}
