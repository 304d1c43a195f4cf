import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

const BLOCK_TYPES = new Set(["text", "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking"]);

/** What the API would not accept in a conversation; undefined when it is sound. */
export function findMessageProblem(messages: unknown): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return "messages: at least one message is required";
  let openCalls = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    if (!isJsonObject(message)) return `messages.${index}: Input should be an object`;
    const { role } = message;
    if (role !== "user" && role !== "assistant") return `messages.${index}.role: Input should be 'user' or 'assistant'`;
    if (index === 0 && role !== "user") return 'messages: first message must use the "user" role';
    const blocks = blocksOf(message);
    const problem = blocks === undefined ? "content: Field required" : findBlockProblem(blocks, openCalls);
    if (problem !== undefined) return `messages.${index}: ${problem}`;
    openCalls = new Set(blocks?.filter(({ type }) => type === "tool_use").map(({ id }) => id));
  }
  return undefined;
}

function blocksOf({ content }: JsonObject): JsonObject[] | undefined {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return Array.isArray(content) && content.length > 0 && content.every(isJsonObject) ? content : undefined;
}

/** `openCalls` are the tool calls of the message before: all are to be answered, first of all, and no others. */
function findBlockProblem(blocks: readonly JsonObject[], openCalls: ReadonlySet<unknown>): string | undefined {
  const results = blocks.filter(({ type }) => type === "tool_result");
  const unexpected = results.find(({ tool_use_id: id }) => !openCalls.has(id));
  if (unexpected !== undefined)
    return `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(unexpected["tool_use_id"])}`;
  if (new Set(results.map(({ tool_use_id: id }) => id)).size !== openCalls.size) {
    return "`tool_use` ids were found without `tool_result` blocks immediately after";
  }
  if (blocks.slice(0, results.length).some(({ type }) => type !== "tool_result")) {
    return "`tool_result` blocks must come first";
  }
  for (const { type, text, id } of blocks) {
    if (typeof type !== "string" || !BLOCK_TYPES.has(type)) return `Input tag '${String(type)}' is not expected`;
    if (type === "text" && (typeof text !== "string" || text === "")) return "text content blocks must be non-empty";
    if (type === "tool_use" && !/^[a-zA-Z0-9_-]+$/.test(String(id))) return "tool_use.id: String should match pattern";
  }
  return undefined;
}
