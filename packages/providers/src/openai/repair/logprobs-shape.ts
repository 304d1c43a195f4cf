import { chatLogprobs } from "../../clients/chat-completions/write-logprobs.ts";
import { isFields } from "../../json/field-reader.ts";
import { readRows } from "../read-logprobs.ts";

type Fields = Record<string, unknown>;

/** Probabilities that are not listed as OpenAI does, changed in place; true where they were not. `message` holds the text. */
export function reshapeLogprobs(choice: Fields, message: Fields): boolean {
  const { logprobs: told } = choice;
  // In a chunk of one token it may be no more than its own.
  const rows = typeof told === "number" ? { tokens: [message["content"]], token_logprobs: [told] } : told;
  if (!isFields(rows) || !Array.isArray(rows["tokens"]) || Array.isArray(rows["content"])) return false;
  choice["logprobs"] = chatLogprobs(readRows(rows));
  return true;
}
