import { partAnnotation } from "../../clients/chat-completions/write-annotation.ts";
import { isFields } from "../../json/field-reader.ts";

type Fields = Record<string, unknown>;

/**
 * Content that is a list of parts becomes text, which is what clients of this protocol know (wire formats 3.6): thinking
 * goes to `reasoning_content`, and whatever is neither, such as a reference, to `annotations`. True where it was one.
 */
export function flattenContent(message: Fields): boolean {
  const { content } = message;
  if (!Array.isArray(content)) return false;
  let text = "";
  let thinking = "";
  const others: unknown[] = [];
  for (const part of content as readonly unknown[]) {
    if (!isFields(part)) continue;
    const thoughts = thoughtsOf(part);
    if (thoughts !== null) thinking += thoughts;
    else if (typeof part["text"] === "string") text += part["text"];
    else if (!isReferenceToNothing(part)) others.push(partAnnotation(part, text.length));
  }
  message["content"] = text;
  if (thinking !== "") message["reasoning_content"] = textOf(message["reasoning_content"]) + thinking;
  if (others.length > 0) {
    const known: readonly unknown[] = Array.isArray(message["annotations"]) ? message["annotations"] : [];
    message["annotations"] = [...known, ...others];
  }
  return true;
}

/** Mistral puts them before JSON. */
function isReferenceToNothing({ type, reference_ids: ids }: Readonly<Fields>): boolean {
  return type === "reference" && Array.isArray(ids) && ids.length === 0;
}

/** The text of a part that holds reasoning, by Mistral's name or by Databricks'; null for any other. */
export function thoughtsOf({ type, thinking, summary }: Readonly<Fields>): string | null {
  if (type === "thinking") return textOf(thinking);
  return type === "reasoning" ? textOf(summary) : null;
}

/** A text, or the texts of a list of parts. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return value.map((part: unknown) => (isFields(part) ? textOf(part["text"]) : "")).join("");
}
