import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

const TOKENS_PER_MESSAGE = 4;
const TOKENS_BEFORE_ANSWER = 3;
const TOKENS_PER_IMAGE = 85;

/**
 * The tokens of a chat prompt: each message's content, name and tool calls plus 4, the offered tools and the answer's
 * schema as JSON text, and 3 for the start of the answer. An image counts 85, as OpenAI's low-detail images do; any
 * other part counts as its JSON text.
 */
export function countChatInputTokens(body: JsonObject, messages: readonly unknown[]): number {
  let tokens = TOKENS_BEFORE_ANSWER;
  for (const message of messages) tokens += TOKENS_PER_MESSAGE + countMessage(message);
  if (body["tools"] !== undefined) tokens += countAsJson(body["tools"]);
  if (body["response_format"] !== undefined) tokens += countAsJson(body["response_format"]);
  return tokens;
}

function countMessage(message: unknown): number {
  if (!isJsonObject(message)) return countAsJson(message);
  let tokens = countContent(message["content"]);
  if (typeof message["name"] === "string") tokens += countTokens(message["name"]);
  if (message["tool_calls"] !== undefined) tokens += countAsJson(message["tool_calls"]);
  return tokens;
}

function countContent(content: unknown): number {
  if (typeof content === "string") return countTokens(content);
  if (!Array.isArray(content)) return content === undefined || content === null ? 0 : countAsJson(content);
  let tokens = 0;
  for (const part of content) tokens += countPart(part);
  return tokens;
}

function countPart(part: unknown): number {
  if (isJsonObject(part) && typeof part["text"] === "string") return countTokens(part["text"]);
  if (isJsonObject(part) && part["type"] === "image_url") return TOKENS_PER_IMAGE;
  return countAsJson(part);
}

function countAsJson(value: unknown): number {
  return countTokens(JSON.stringify(value) ?? "");
}
