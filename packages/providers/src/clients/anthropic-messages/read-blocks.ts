/** Content blocks as parts. */
import type { ConversationNotes } from "../../conversation/conversation-notes.ts";
import type { CacheHint, ConversationPart } from "../../conversation/conversation.ts";
import { isFields } from "../../json/field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;

export function readCacheHint({ cache_control: control }: Fields): CacheHint {
  if (!isFields(control) || control["type"] !== "ephemeral") return {};
  const { ttl } = control;
  return { cache_control: { type: "ephemeral", ...(typeof ttl === "string" ? { ttl } : {}) } };
}

/** Text, a list of blocks, or nothing. A text alone stays one, so that the simplest requests stay simple. */
export function readContent(content: unknown, path: string, notes: ConversationNotes): string | ConversationPart[] {
  if (typeof content === "string") return content;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
  return blocks.flatMap((block, index) => (isFields(block) ? readPart(block, `${path}[${index}]`, notes) : []));
}

/** The parts that a block of text, an image or a document is. */
export function readPart(block: Fields, path: string, notes: ConversationNotes): ConversationPart[] {
  const hint = readCacheHint(block);
  switch (block["type"]) {
    case "text":
      return typeof block["text"] === "string" && block["text"] !== ""
        ? [{ type: "text", text: block["text"], ...hint }]
        : [];
    case "image": {
      const url = readImageUrl(block["source"]);
      if (url !== null) return [{ type: "image_url", image_url: { url }, ...hint }];
      break;
    }
    case "document": {
      const parts = readDocument(block, path, notes);
      if (parts !== null) return parts.map((part) => ({ ...part, ...hint }));
      break;
    }
    default:
  }
  notes.reject(path, `A block of type '${String(block["type"]).slice(0, 40)}' of this kind`);
  return [];
}

function readImageUrl(source: unknown): string | null {
  if (!isFields(source)) return null;
  const { type, url, media_type: mediaType, data } = source;
  if (type === "url" && typeof url === "string") return url;
  if (type !== "base64" || typeof mediaType !== "string" || typeof data !== "string") return null;
  return `data:${mediaType};base64,${data}`;
}

function readDocument({ source, title }: Fields, path: string, notes: ConversationNotes): ConversationPart[] | null {
  if (!isFields(source)) return null;
  const { type, media_type: mediaType, data, content } = source;
  if (type === "text" && typeof data === "string") return [{ type: "text", text: data }];
  if (type === "content") {
    const parts = readContent(content, `${path}.source.content`, notes);
    return typeof parts === "string" ? [{ type: "text", text: parts }] : parts;
  }
  if (type !== "base64" || typeof mediaType !== "string" || typeof data !== "string") return null;
  const filename = typeof title === "string" && title !== "" ? title : "document.pdf";
  return [{ type: "file", file: { file_data: `data:${mediaType};base64,${data}`, filename } }];
}
