/** What a response says: the whole of it is in the answer, and in the last events of its stream. */
import { type AnswerContent, type AskedForm, ContentDraft, fieldsOf, objectsOf } from "../answer-content.ts";
import { formOf } from "../chat-completions/read-answer.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `parts`: the response, or all events of its stream. */
export function readResponseAnswer(parts: readonly Fields[]): AnswerContent {
  const draft = new ContentDraft();
  const last = parts.findLast((part) => part["object"] === "response" || fieldsOf(part["response"])["output"]) ?? {};
  for (const item of objectsOf(fieldsOf(last["response"] ?? last)["output"])) {
    if (item["type"] === "function_call" || item["type"] === "custom_tool_call") draft.callsTools = true;
    if (item["type"] !== "message") continue;
    for (const { type, text, logprobs } of objectsOf(item["content"])) {
      if (type === "output_text") draft.add(0, text);
      draft.addLogprobs(logprobs);
    }
  }
  return draft.content();
}

export function readResponseForm(request: Fields): AskedForm | null {
  const format = fieldsOf(fieldsOf(request["text"])["format"]);
  if (format["type"] === "json_object") return { kind: "json" };
  return format["type"] === "json_schema" ? formOf(format["schema"]) : null;
}
