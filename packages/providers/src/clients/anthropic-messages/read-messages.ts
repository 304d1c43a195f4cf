/** The conversation: system texts first, results of tools as messages of their own, reasoning beside its answer. */
import type { ConversationNotes } from "../../conversation/conversation-notes.ts";
import type { ConversationCall, ConversationMessage, ConversationPart } from "../../conversation/conversation.ts";
import type { SealedReasoning } from "../../events/model-event.ts";
import { isEnvelope, readEnvelope } from "../../events/sealed-envelope.ts";
import { isFields } from "../../json/field-reader.ts";
import { readContent, readPart } from "./read-blocks.ts";

type Fields = Readonly<Record<string, unknown>>;

export function readMessages(system: unknown, messages: unknown, notes: ConversationNotes): ConversationMessage[] {
  const instructions = readContent(system, "system", notes);
  const read: ConversationMessage[] = instructions.length === 0 ? [] : [{ role: "system", content: instructions }];
  for (const [index, message] of (Array.isArray(messages) ? messages : []).entries()) {
    if (isFields(message)) read.push(...readMessage(message, `messages[${index}]`, notes));
  }
  return read;
}

function readMessage(message: Fields, path: string, notes: ConversationNotes): ConversationMessage[] {
  const { role, content } = message;
  switch (role) {
    case "user":
      return readUserTurn(content, `${path}.content`, notes);
    case "assistant":
      return readAnswer(content, `${path}.content`, notes);
    case "system":
      return [{ role, content: readContent(content, `${path}.content`, notes) }];
    default:
      notes.refuse(`${path}.role`, `'${path}.role' must be 'user' or 'assistant'.`);
      return [];
  }
}

/** Results come first, whatever their place in the turn: no provider takes anything between a call and its result. */
function readUserTurn(content: unknown, path: string, notes: ConversationNotes): ConversationMessage[] {
  if (!Array.isArray(content)) return [{ role: "user", content: readContent(content, path, notes) }];
  const results: ConversationMessage[] = [];
  const parts: ConversationPart[] = [];
  for (const [index, block] of (content as readonly unknown[]).entries()) {
    if (!isFields(block)) continue;
    if (block["type"] === "tool_result") results.push(readResult(block, `${path}[${index}]`, notes));
    else parts.push(...readPart(block, `${path}[${index}]`, notes));
  }
  return parts.length === 0 && results.length > 0 ? results : [...results, { role: "user", content: parts }];
}

function readResult(block: Fields, path: string, notes: ConversationNotes): ConversationMessage {
  return {
    role: "tool",
    tool_call_id: String(block["tool_use_id"]),
    content: readContent(block["content"], `${path}.content`, notes),
    ...(block["is_error"] === true ? { is_error: true } : {}),
  };
}

function readAnswer(content: unknown, path: string, notes: ConversationNotes): ConversationMessage[] {
  if (!Array.isArray(content)) return [{ role: "assistant", content: readContent(content, path, notes) }];
  const parts: ConversationPart[] = [];
  const calls: ConversationCall[] = [];
  const sealed: SealedReasoning[] = [];
  let reasoning = "";
  for (const [index, block] of (content as readonly unknown[]).entries()) {
    if (!isFields(block)) continue;
    switch (block["type"]) {
      case "tool_use":
        calls.push(readCall(block));
        break;
      case "thinking":
      case "redacted_thinking": {
        const detail = readReasoning(block);
        if (detail?.format === "plain") reasoning += String(block["thinking"]);
        else if (detail !== null) sealed.push(detail);
        break;
      }
      default:
        parts.push(...readPart(block, `${path}[${index}]`, notes));
    }
  }
  return [
    {
      role: "assistant",
      content: parts.length === 0 ? null : parts,
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
      ...(sealed.length === 0 ? {} : { reasoning_details: sealed }),
    },
  ];
}

function readCall({ id, name, input }: Fields): ConversationCall {
  const given = JSON.stringify(input ?? {});
  return { id: String(id), type: "function", function: { name: String(name), arguments: given } };
}

/** Null for thinking that nobody signed. */
function readReasoning({ type, thinking, signature, data }: Fields): SealedReasoning | null {
  const seal = type === "thinking" ? signature : data;
  if (isEnvelope(seal)) return readEnvelope(seal);
  if (typeof seal !== "string" || seal === "") return null;
  return type === "thinking"
    ? { format: "anthropic", type: "thinking", text: String(thinking), signature: seal }
    : { format: "anthropic", type: "redacted_thinking", data: seal };
}
