/** A Messages request in the gateway's own form. */
import type { Conversation, ConversationReading } from "../../conversation/conversation.ts";
import { ConversationNotes } from "../../conversation/conversation-notes.ts";
import { isFields } from "../../json/field-reader.ts";
import type { Spellings } from "../../parameters/translation-notes.ts";
import { isStrictSchema } from "../../parameters/strict-schema.ts";
import { readMessages } from "./read-messages.ts";
import { readToolChoice, readTools } from "./read-tools.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Budgets of thinking, as the effort that spends about as much. */
const effortsByBudget = [
  { mostTokens: 2_048, effort: "low" },
  { mostTokens: 8_192, effort: "medium" },
  { mostTokens: Infinity, effort: "high" },
] as const;

/** Client code depends on what these do, and only the provider of this protocol does it. */
const unshared = ["container", "mcp_servers"] as const;
const read: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "system",
  "max_tokens",
  "stream",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "metadata",
]);

export function readMessagesConversation(parsed: Fields): ConversationReading {
  const notes = new ConversationNotes();
  for (const parameter in parsed) {
    const value = parsed[parameter];
    if (read.has(parameter) || value === null || (parameter === "service_tier" && value === "auto")) continue;
    if (unshared.some((name) => name === parameter)) notes.reject(parameter);
    else notes.drop(parameter);
  }
  const { model, max_tokens: maxTokens, stream, temperature, top_p: topP, top_k: topK, stop_sequences: stop } = parsed;
  const tools = readTools(parsed["tools"], notes);
  const format = readFormat(parsed);
  const effort = readEffort(parsed);
  const user = isFields(parsed["metadata"]) ? parsed["metadata"]["user_id"] : undefined;
  const conversation: Conversation = {
    model: String(model),
    messages: readMessages(parsed["system"], parsed["messages"], notes),
    ...(typeof maxTokens === "number" ? { max_completion_tokens: maxTokens } : {}),
    ...(stream === true ? { stream } : {}),
    ...(typeof temperature === "number" ? { temperature } : {}),
    ...(typeof topP === "number" ? { top_p: topP } : {}),
    ...(typeof topK === "number" ? { top_k: topK } : {}),
    ...(isTexts(stop) && stop.length > 0 ? { stop } : {}),
    ...(tools.length === 0 ? {} : { tools, ...readToolChoice(parsed["tool_choice"], notes) }),
    ...(format === null ? {} : { response_format: format }),
    ...(effort === null ? {} : { reasoning_effort: effort }),
    ...(typeof user === "string" && user !== "" ? { user } : {}),
  };
  return notes.reading(conversation, spellingsOf(parsed));
}

/** What the client calls that which the gateway's own form has under other names. */
function spellingsOf({ output_config: config }: Fields): Spellings {
  const { format, effort } = isFields(config) ? config : {};
  return {
    // The system prompt becomes one of them, so that they are counted otherwise.
    messages: "messages",
    max_completion_tokens: "max_tokens",
    stop: "stop_sequences",
    parallel_tool_calls: "tool_choice.disable_parallel_tool_use",
    response_format: format === undefined ? "output_format" : "output_config.format",
    reasoning_effort: effort === undefined ? "thinking" : "output_config.effort",
    user: "metadata.user_id",
  };
}

function readFormat({ output_config: config, output_format: older }: Fields): object | null {
  const format = isFields(config) && isFields(config["format"]) ? config["format"] : older;
  if (!isFields(format) || format["type"] !== "json_schema") return null;
  const { schema } = format;
  return { type: "json_schema", json_schema: { name: "answer", schema, strict: isStrictSchema(schema) } };
}

/** Null where thinking is off or was not asked for: the model then does what it does by itself. */
function readEffort({ output_config: config, thinking }: Fields): string | null {
  const type = isFields(thinking) ? thinking["type"] : undefined;
  // To think between calls alone is the least that some models can be told.
  if (type === "disabled" || type === "between_tools") return null;
  if (isFields(config) && typeof config["effort"] === "string") return config["effort"];
  if (type === "adaptive") return "high";
  const budget = isFields(thinking) && type === "enabled" ? thinking["budget_tokens"] : undefined;
  if (typeof budget !== "number") return null;
  return effortsByBudget.find(({ mostTokens }) => budget <= mostTokens)?.effort ?? "high";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
