/** What a message, whole or as a stream, says. */
import { type AnswerContent, type AskedForm, ContentDraft, fieldsOf, objectsOf } from "../answer-content.ts";
import { formOf } from "../chat-completions/read-answer.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `parts`: the message, or all events of its stream. */
export function readMessageAnswer(parts: readonly Fields[]): AnswerContent {
  const draft = new ContentDraft();
  for (const part of parts) {
    const block = fieldsOf(part["content_block"]);
    for (const { type, text } of [...objectsOf(part["content"]), block, fieldsOf(part["delta"])]) {
      if (type === "text" || type === "text_delta") draft.add(0, text);
      if (type === "tool_use") draft.callsTools = true;
    }
  }
  return draft.content();
}

export function readMessageForm(request: Fields): AskedForm | null {
  const format = fieldsOf(request["output_config"])["format"] ?? request["output_format"];
  return format === undefined || format === null ? null : formOf(fieldsOf(format)["schema"]);
}
