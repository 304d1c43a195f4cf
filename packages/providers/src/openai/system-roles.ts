import { JsonCursor, jsonKey, openingBrace, openingBracket } from "../json/json-cursor.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { isFields } from "../json/field-reader.ts";

const limits = { maxDepth: 64, maxKeys: Infinity, requireUtf8: false };
const roleKey = jsonKey("role");
const systemRole = encodeUtf8('"system"');

/**
 * The bytes of `messages` with every role `developer` turned into `system` and nothing else changed; null where there
 * is none. `parsed` is the same list as values.
 */
export function withSystemRoles(messages: Uint8Array, parsed: unknown): Uint8Array | null {
  if (!Array.isArray(parsed) || !parsed.some(isFromDeveloper)) return null;
  const cursor = new JsonCursor(messages, 0, messages.length, limits);
  const parts: Uint8Array[] = [];
  let copiedTo = 0;
  let index = 0;
  cursor.enter(openingBracket);
  while (cursor.nextElement()) {
    if (!isFromDeveloper(parsed[index++])) {
      cursor.skipValue();
      continue;
    }
    cursor.enter(openingBrace);
    while (cursor.nextMember()) {
      const isRole = cursor.keyIs(roleKey);
      cursor.peek();
      const start = cursor.at;
      cursor.skipValue();
      if (!isRole) continue;
      parts.push(messages.subarray(copiedTo, start), systemRole);
      copiedTo = cursor.at;
    }
  }
  parts.push(messages.subarray(copiedTo));
  return joinParts(parts);
}

function isFromDeveloper(message: unknown): boolean {
  return isFields(message) && message["role"] === "developer";
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
