import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

const ROLES = new Set(["system", "user", "assistant", "tool"]);
const BLOCK_TYPES = new Set(["text", "image_url", "document", "thinking"]);

/** What the API would not accept in a conversation; undefined when it is sound. */
export function findMessageProblem(messages: unknown): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return "messages must not be empty";
  let openCalls = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    if (!isJsonObject(message) || !ROLES.has(String(message["role"]))) return `message at ${index} has no valid role`;
    const { role } = message;
    if (role === "tool" && !openCalls.delete(message["tool_call_id"])) {
      return `tool call id not found in previous tool calls: ${String(message["tool_call_id"])}`;
    }
    if (role !== "tool" && openCalls.size > 0) return "all tool calls must be answered before the next message";
    const problem = findContentProblem(message);
    if (problem !== undefined) return `message at ${index}: ${problem}`;
    if (role === "assistant") openCalls = new Set(callsOf(message).map(({ id }) => id));
  }
  return undefined;
}

function callsOf({ tool_calls: calls }: JsonObject): readonly JsonObject[] {
  return Array.isArray(calls) ? calls.filter(isJsonObject) : [];
}

function findContentProblem(message: JsonObject): string | undefined {
  const { content } = message;
  if (content === undefined || content === null) {
    return message["role"] === "assistant" && callsOf(message).length > 0 ? undefined : "content is required";
  }
  if (typeof content === "string") return undefined;
  if (!Array.isArray(content)) return "content must be a string or a list";
  const isKnown = content.every((block) => isJsonObject(block) && BLOCK_TYPES.has(String(block["type"])));
  return isKnown ? undefined : "content has a block of unknown type";
}
