import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

const BLOCK_TYPES = [
  "text",
  "image",
  "document",
  "video",
  "audio",
  "toolUse",
  "toolResult",
  "guardContent",
  "cachePoint",
  "reasoningContent",
  "citationsContent",
  "searchResult",
];
const TOOL_USE_ID = /^[a-zA-Z0-9_.:-]{1,256}$/;

/** What the API would not accept in a conversation; undefined when it is sound. */
export function findMessageProblem(messages: unknown, hasTools: boolean): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return "A conversation must start with a user message.";
  let roleBefore: unknown = "assistant";
  let openCalls = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    const blocks = isJsonObject(message) ? message["content"] : undefined;
    if (!isJsonObject(message) || !Array.isArray(blocks) || blocks.length === 0 || !blocks.every(isJsonObject)) {
      return `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`;
    }
    const { role } = message;
    if (role !== "user" && role !== "assistant") return `messages.${index}.role: must be 'user' or 'assistant'`;
    if (role === roleBefore) {
      return index === 0
        ? "A conversation must start with a user message. Try again with a conversation that starts with a user message."
        : `messages.${index}: roles must alternate between "user" and "assistant"`;
    }
    roleBefore = role;
    const problem = findBlockProblem(blocks, role, openCalls) ?? findToolProblem(blocks, hasTools);
    if (problem !== undefined) return `messages.${index}: ${problem}`;
    openCalls = new Set(
      blocks
        .map(({ toolUse }) => toolUse)
        .filter(isJsonObject)
        .map(({ toolUseId }) => toolUseId),
    );
  }
  return undefined;
}

function findBlockProblem(
  blocks: readonly JsonObject[],
  role: "user" | "assistant",
  openCalls: ReadonlySet<unknown>,
): string | undefined {
  const answered = new Set(
    blocks
      .map(({ toolResult }) => toolResult)
      .filter(isJsonObject)
      .map((result) => result["toolUseId"]),
  );
  if (answered.size !== openCalls.size || answered.difference(openCalls).size > 0) {
    return "The number of toolResult blocks exceeds or does not match the toolUse blocks of the previous turn.";
  }
  for (const block of blocks) {
    const types = BLOCK_TYPES.filter((type) => block[type] !== undefined);
    if (types.length !== 1 || Object.keys(block).length !== 1)
      return "a ContentBlock must have exactly one known member";
    if (block["text"] !== undefined && (typeof block["text"] !== "string" || block["text"].trim() === "")) {
      return "The text field in the ContentBlock object is blank. Add text to the text field, and try again.";
    }
    if (role === "assistant" && (block["image"] ?? block["document"]) !== undefined) {
      return "images and documents can be used by the user only";
    }
    const { toolUse } = block;
    if (isJsonObject(toolUse) && !(TOOL_USE_ID.test(String(toolUse["toolUseId"])) && isJsonObject(toolUse["input"]))) {
      return "a toolUse needs an id and an object as its input";
    }
  }
  return undefined;
}

function findToolProblem(blocks: readonly JsonObject[], hasTools: boolean): string | undefined {
  const usesTools = blocks.some((block) => (block["toolUse"] ?? block["toolResult"]) !== undefined);
  return usesTools && !hasTools
    ? "The toolConfig field must be defined when using toolUse and toolResult content blocks."
    : undefined;
}
