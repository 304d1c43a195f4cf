/** What answers and their choices have to have, whole or streamed. Each changes them in place, and is true where it did. */
import { chatAnnotation } from "../../clients/chat-completions/write-annotation.ts";
import type { Citation } from "../../events/model-event.ts";
import { isFields } from "../../json/field-reader.ts";
import { isUnfinished, openAiFinish, withCalls } from "../finish-reason.ts";
import { toldUsage } from "../told-usage.ts";

type Fields = Record<string, unknown>;

/** Sources told beside the answer, where clients look for them. */
export function annotate(message: Fields, sources: readonly Citation[]): boolean {
  if (sources.length === 0 || Array.isArray(message["annotations"])) return false;
  message["annotations"] = sources.map(chatAnnotation);
  return true;
}

/** A finish in OpenAI's words. */
export function mapFinish(choice: Fields, hasCalls: boolean): boolean {
  const told = choice["finish_reason"];
  const mapped = typeof told === "string" ? openAiFinish(told) : undefined;
  // Legacy clients ask for functions and know them by this word.
  if (mapped === undefined || told === "function_call") return false;
  const finish = withCalls(mapped, hasCalls);
  if (finish === told) return false;
  choice["finish_reason"] = finish;
  return true;
}

/** Usage that tells nothing would be taken for the last word. */
export function dropEmptyUsage(answer: Fields): boolean {
  const { usage } = answer;
  if (!isFields(usage) || toldUsage(usage) !== undefined) return false;
  delete answer["usage"];
  return true;
}

/** Some clients take an answer without an id for none. All chunks of one have the same time, and so get the same id. */
export function fillId(answer: Fields): boolean {
  if (typeof answer["id"] === "string" && answer["id"] !== "") return false;
  const { created } = answer;
  answer["id"] = `chatcmpl-${typeof created === "number" ? created : 0}`;
  return true;
}

/** What is no word for an ending is no finish. */
export function fillFinish(choice: Fields): boolean {
  const told = choice["finish_reason"];
  if (told === undefined || told === null || (typeof told === "string" && !isUnfinished(told))) return false;
  choice["finish_reason"] = null;
  return true;
}

export function seedOf({ id }: Fields): string {
  return typeof id === "string" ? id.replace(/[^a-zA-Z0-9]/g, "").slice(-12) : "0";
}
