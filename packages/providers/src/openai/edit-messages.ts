import { isFields } from "../json/field-reader.ts";
import { JsonCursor, openingBracket } from "../json/json-cursor.ts";
import { scanTopLevel } from "../json/scan-top-level.ts";
import { spliceMembers } from "../json/splice-json.ts";
import { shortId } from "../parameters/short-ids.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import type { OpenAiDialect } from "./dialect.ts";

type Message = Readonly<Record<string, unknown>>;
type MessageDialect = Pick<OpenAiDialect, "developerRole" | "refusedMessageMembers" | "shortCallIds">;

const limits = { maxDepth: 64, maxKeys: Infinity, requireUtf8: false };

/**
 * The bytes of `messages` as a server takes them: without members that it refuses, with the role `system` where it knows no
 * `developer`, and with ids of calls that are short enough for it. Nothing else changes; null where nothing has to. `parsed` is the same list as values.
 */
export function editMessages(messages: Uint8Array, parsed: unknown, dialect: MessageDialect): Uint8Array | null {
  if (!Array.isArray(parsed) || !parsed.some((message) => needsChange(message, dialect))) return null;
  const cursor = new JsonCursor(messages, 0, messages.length, limits);
  const parts: Uint8Array[] = [];
  let copiedTo = 0;
  let index = 0;
  cursor.enter(openingBracket);
  while (cursor.nextElement()) {
    cursor.peek();
    const start = cursor.at;
    cursor.skipValue();
    const message: unknown = parsed[index++];
    if (!needsChange(message, dialect)) continue;
    parts.push(messages.subarray(copiedTo, start), editMessage(messages.subarray(start, cursor.at), message, dialect));
    copiedTo = cursor.at;
  }
  parts.push(messages.subarray(copiedTo));
  return joinParts(parts);
}

function needsChange(message: unknown, dialect: MessageDialect): message is Message {
  if (!isFields(message)) return false;
  if (isFromDeveloper(message, dialect)) return true;
  for (const name of dialect.refusedMessageMembers) if (Object.hasOwn(message, name)) return true;
  return Object.keys(withShortIds(message, dialect)).length > 0;
}

/** The members that name calls, with other ids; none where all are as they may be. */
function withShortIds(message: Message, { shortCallIds }: MessageDialect): Message {
  if (!shortCallIds) return {};
  const { tool_calls: calls, tool_call_id: callId } = message;
  if (typeof callId === "string" && shortId(callId) !== callId) return { tool_call_id: shortId(callId) };
  const isLong = (call: unknown): boolean =>
    isFields(call) && typeof call["id"] === "string" && shortId(call["id"]) !== call["id"];
  if (!Array.isArray(calls) || !calls.some(isLong)) return {};
  const short = (calls as readonly unknown[]).map((call) =>
    isFields(call) && typeof call["id"] === "string" ? { ...call, id: shortId(call["id"]) } : call,
  );
  return { tool_calls: short };
}

function isFromDeveloper(message: Message, { developerRole }: MessageDialect): boolean {
  return !developerRole && message["role"] === "developer";
}

function editMessage(bytes: Uint8Array, parsed: Message, dialect: MessageDialect): Uint8Array {
  const written: Message = {
    ...(isFromDeveloper(parsed, dialect) ? { role: "system" } : {}),
    ...withShortIds(parsed, dialect),
  };
  const scan = scanTopLevel(bytes);
  if (!scan.ok) {
    // A key that occurs twice inside: what JSON.parse made of it is what the client was taken to mean.
    const kept = Object.entries(parsed).filter(([name]) => !dialect.refusedMessageMembers.includes(name));
    return encodeUtf8(JSON.stringify({ ...Object.fromEntries(kept), ...written }));
  }
  const changes = new Map<string, Uint8Array | null>(dialect.refusedMessageMembers.map((name) => [name, null]));
  for (const [name, value] of Object.entries(written)) changes.set(name, encodeUtf8(JSON.stringify(value)));
  return spliceMembers(bytes, scan.object, changes);
}

function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
