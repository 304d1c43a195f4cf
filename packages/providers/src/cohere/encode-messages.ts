/** The conversation. Roles and calls are OpenAI's; what a message may hold differs. */
import { isFields } from "../json/field-reader.ts";
import { readToolArguments } from "../parameters/tool-arguments.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Reads `messages`; what has no equivalent is told to `notes`. */
export function encodeCohereMessages(messages: unknown, notes: TranslationNotes): readonly object[] {
  return (Array.isArray(messages) ? messages : []).flatMap((message: unknown, index) =>
    isFields(message) ? encodeMessage(message, `messages[${index}]`, notes) : [],
  );
}

function encodeMessage(message: Fields, path: string, notes: TranslationNotes): object[] {
  const { role, content, tool_call_id: callId } = message;
  if (message["name"] !== undefined) notes.warn("messages.name", "dropped");
  switch (role) {
    case "system":
    case "developer":
      return [{ role: "system", content: textOf(content, `${path}.content`, notes) }];
    case "user":
      return [{ role, content: encodeContent(content, `${path}.content`, notes) }];
    case "assistant":
      return encodeAnswer(message, path, notes);
    case "tool":
      return [{ role, tool_call_id: callId, content: textOf(content, `${path}.content`, notes) }];
    default:
      notes.reject(`${path}.role`, `The role '${String(role).slice(0, 40)}'`);
      return [];
  }
}

/** An answer without content and without calls is no message. What it reasoned before its calls was their plan. */
function encodeAnswer(message: Fields, path: string, notes: TranslationNotes): object[] {
  const { content, refusal, tool_calls: toolCalls, reasoning_content: plan } = message;
  const text = textOf(content, `${path}.content`, notes) + (typeof refusal === "string" ? refusal : "");
  const calls = (Array.isArray(toolCalls) ? toolCalls : []).flatMap((call: unknown, index) =>
    encodeCall(call, `${path}.tool_calls[${index}]`, notes),
  );
  if (text === "" && calls.length === 0) return [];
  return [
    {
      role: "assistant",
      ...(text === "" ? {} : { content: text }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(calls.length > 0 && typeof plan === "string" && plan !== "" ? { tool_plan: plan } : {}),
    },
  ];
}

function encodeCall(call: unknown, path: string, notes: TranslationNotes): object[] {
  const called = isFields(call) ? call["function"] : undefined;
  if (!isFields(call) || !isFields(called) || typeof called["name"] !== "string" || typeof call["id"] !== "string") {
    notes.reject(path, "A tool call that is not of a function");
    return [];
  }
  const args = readToolArguments(called["arguments"]);
  if (args === null) notes.warn(`${path}.function.arguments`, "changed");
  return [
    {
      id: call["id"],
      type: "function",
      function: { name: called["name"], arguments: JSON.stringify(args ?? {}) },
    },
  ];
}

function textOf(content: unknown, path: string, notes: TranslationNotes): string {
  const parts = encodeContent(content, path, notes);
  if (typeof parts === "string") return parts;
  if (parts.some((part) => part["type"] !== "text")) notes.reject(path, "A message of this role that is not text");
  return parts.map(({ text }) => (typeof text === "string" ? text : "")).join("");
}

function encodeContent(content: unknown, path: string, notes: TranslationNotes): string | Fields[] {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.flatMap((part: unknown, index) =>
    isFields(part) ? encodePart(part, `${path}[${index}]`, notes) : [],
  );
}

function encodePart(part: Fields, path: string, notes: TranslationNotes): Fields[] {
  const { type, text, refusal, image_url: image } = part;
  if (type === "text" || type === "refusal") {
    const said = type === "text" ? text : refusal;
    return typeof said === "string" && said !== "" ? [{ type: "text", text: said }] : [];
  }
  const url = isFields(image) ? image["url"] : image;
  if (type === "image_url" && typeof url === "string") {
    const detail = isFields(image) && typeof image["detail"] === "string" ? { detail: image["detail"] } : {};
    return [{ type, image_url: { url, ...detail } }];
  }
  notes.reject(path, `A part of type '${String(type).slice(0, 40)}'`);
  return [];
}
