import type { ConversationNotes } from "../../conversation/conversation-notes.ts";
import type { ConversationPart } from "../../conversation/conversation.ts";
import { isFields } from "../../json/field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Text, a list of parts, or nothing. */
export function readContent(content: unknown, path: string, notes: ConversationNotes): string | ConversationPart[] {
  if (typeof content === "string") return content;
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  return parts.flatMap((part, index) => (isFields(part) ? readPart(part, `${path}[${index}]`, notes) : []));
}

function readPart(part: Fields, path: string, notes: ConversationNotes): ConversationPart[] {
  switch (part["type"]) {
    case "input_text":
    case "output_text":
    case "refusal": {
      const text = part["text"] ?? part["refusal"];
      return typeof text === "string" && text !== "" ? [{ type: "text", text }] : [];
    }
    case "input_image": {
      const { image_url: url, detail } = part;
      if (typeof url === "string") {
        return [{ type: "image_url", image_url: { url, ...(typeof detail === "string" ? { detail } : {}) } }];
      }
      break;
    }
    case "input_file": {
      const { file_data: data, filename } = part;
      if (typeof data === "string") {
        return [{ type: "file", file: { file_data: data, ...(typeof filename === "string" ? { filename } : {}) } }];
      }
      break;
    }
    case "input_audio": {
      const { data, format } = isFields(part["input_audio"]) ? part["input_audio"] : {};
      if (typeof data === "string" && typeof format === "string") {
        return [{ type: "input_audio", input_audio: { data, format } }];
      }
      break;
    }
    default:
  }
  notes.reject(path, `A part of type '${String(part["type"]).slice(0, 40)}' of this kind`);
  return [];
}
