/** What a chat completion, whole or in chunks, says. */
import { type AnswerContent, type AskedForm, ContentDraft, fieldsOf, objectsOf } from "../answer-content.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `parts`: the completion, or all of its chunks. */
export function readChatAnswer(parts: readonly Fields[]): AnswerContent {
  const draft = new ContentDraft();
  for (const part of parts) {
    for (const choice of objectsOf(part["choices"])) {
      const index = typeof choice["index"] === "number" ? choice["index"] : 0;
      const said = fieldsOf(choice["message"] ?? choice["delta"]);
      draft.add(index, textOf(said["content"]));
      if (objectsOf(said["tool_calls"]).length > 0) draft.callsTools = true;
      draft.addLogprobs(fieldsOf(choice["logprobs"])["content"]);
    }
  }
  return draft.content();
}

export function readChatForm(request: Fields): AskedForm | null {
  const format = fieldsOf(request["response_format"]);
  if (format["type"] === "json_object") return { kind: "json" };
  if (format["type"] !== "json_schema") return null;
  return formOf(fieldsOf(format["json_schema"])["schema"]);
}

/** JSON at least, where no schema is told. */
export function formOf(schema: unknown): AskedForm {
  return schema === undefined || schema === null ? { kind: "json" } : { kind: "schema", schema };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map(({ text }) => (typeof text === "string" ? text : ""))
    .join("");
}
